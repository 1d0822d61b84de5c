# syntax=docker/dockerfile:1
# LlamaHost with the default model inside. What is computed on is the target: cpu (default), cuda12, cuda13 or vulkan.
#   docker build -t llamahost . && docker run --rm -p 127.0.0.1:8080:8080 llamahost
# docker/README.md says what each needs, and how the secrets "npmrc" and "nuget" name other package sources.

# ---- The llama.cpp libraries: each variant a stage of its own, so that only the wanted ones are fetched, and again only when their lock changes.

FROM --platform=$BUILDPLATFORM node:22-bookworm-slim AS npm
WORKDIR /native
COPY native/.npmrc native/package.json native/package-lock.json ./
COPY native/linux-x64-cpu/package.json linux-x64-cpu/
COPY native/linux-arm64-cpu/package.json linux-arm64-cpu/
COPY native/linux-x64-cuda/package.json linux-x64-cuda/
COPY native/linux-x64-vulkan/package.json linux-x64-vulkan/
# As native/Restore.targets does it, whose comments say why.
COPY --chmod=755 docker/fetch-native.sh /usr/local/bin/fetch-native

FROM npm AS native-cpu
ARG TARGETARCH=amd64
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc fetch-native "$TARGETARCH" cpu /libraries

FROM npm AS native-vulkan
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc fetch-native amd64 vulkan /libraries

FROM npm AS native-cuda
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc fetch-native amd64 cuda /libraries

# The backend for CUDA 13 lies beside the others, the one for CUDA 12 in a folder of its own: each image gets the one that its runtime can load.
FROM native-cuda AS native-cuda13
RUN rm -r /libraries/fallback

FROM native-cuda AS native-cuda12
RUN mv -f /libraries/fallback/libggml-cuda.so /libraries/ && rmdir /libraries/fallback

# ---- The program: the same for all targets.

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
ENV CI=true DOTNET_NOLOGO=true DOTNET_CLI_TELEMETRY_OPTOUT=true
WORKDIR /source
# What decides about packages comes first: a change of the code leaves this layer as it is.
COPY Directory.Build.props Directory.Packages.props global.json .editorconfig ./
COPY native/Restore.targets native/
COPY src/LlamaHost.Chat/*.csproj src/LlamaHost.Chat/packages.lock.json src/LlamaHost.Chat/
COPY src/LlamaHost.Engine/*.csproj src/LlamaHost.Engine/packages.lock.json src/LlamaHost.Engine/
COPY src/LlamaHost.Engine.Requests/*.csproj src/LlamaHost.Engine.Requests/packages.lock.json src/LlamaHost.Engine.Requests/
COPY src/LlamaHost.Grammars/*.csproj src/LlamaHost.Grammars/packages.lock.json src/LlamaHost.Grammars/
COPY src/LlamaHost.Native/*.csproj src/LlamaHost.Native/packages.lock.json src/LlamaHost.Native/
COPY src/LlamaHost.Protocol/*.csproj src/LlamaHost.Protocol/packages.lock.json src/LlamaHost.Protocol/
COPY src/LlamaHost.Runtime/*.csproj src/LlamaHost.Runtime/packages.lock.json src/LlamaHost.Runtime/
COPY src/LlamaHost.Server/*.csproj src/LlamaHost.Server/packages.lock.json src/LlamaHost.Server/
COPY src/LlamaHost.Worker/*.csproj src/LlamaHost.Worker/*.targets src/LlamaHost.Worker/packages.lock.json src/LlamaHost.Worker/
# .NET and Docker call the same processors by different names.
ARG TARGETARCH=amd64
RUN --mount=type=secret,id=nuget,target=/root/.nuget/NuGet/NuGet.Config \
    dotnet restore src/LlamaHost.Server --runtime "linux-$(echo "$TARGETARCH" | sed s/amd64/x64/)" -p:PublishReadyToRun=true
COPY appsettings.json ./
COPY src src
# A folder for LLAMAHOST_NATIVE says that the libraries come from elsewhere: from the stages above.
RUN dotnet publish src/LlamaHost.Server --no-restore -c Release --runtime "linux-$(echo "$TARGETARCH" | sed s/amd64/x64/)" \
        -p:LLAMAHOST_NATIVE=/source/native -o /app \
    && find /app -name '*.pdb' -delete -o -name 'LlamaHost.*.xml' -delete

# ---- The images. What changes seldom and weighs much lies below what changes often.

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble AS runtime
WORKDIR /app
COPY models models
# Inside a container all interfaces are meant; which of the machine's the port is published on is said when it is run.
ENV ASPNETCORE_HTTP_PORTS=8080
EXPOSE 8080
# Ready means: the model answers, and on the devices that were asked for.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10m --start-interval=1s --retries=3 CMD ["/app/LlamaHost.Server", "health"]
ENTRYPOINT ["/app/LlamaHost.Server"]

# NVIDIA's container toolkit reads these, and mounts the driver's libraries. The compiled kernels of a card that the libraries hold no machine code for
# are kept in the folder, which should be a volume: to compile them takes minutes.
FROM runtime AS cuda
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
ENV CUDA_CACHE_PATH=/var/cache/cuda CUDA_CACHE_MAXSIZE=4294967296
RUN install -d -o "$APP_UID" "$CUDA_CACHE_PATH"

FROM nvidia/cuda:12.9.1-runtime-ubuntu24.04 AS cuda12-runtime
FROM cuda AS cuda12
ENV NVIDIA_REQUIRE_CUDA=cuda>=12.0
COPY --from=cuda12-runtime /usr/local/cuda/lib64/libcudart.so.12 /usr/local/cuda/lib64/libcublas.so.12 /usr/local/cuda/lib64/libcublasLt.so.12 /usr/lib/x86_64-linux-gnu/
COPY --from=native-cuda12 /libraries worker/native
COPY --from=build /app .
COPY LICENSE THIRD-PARTY-NOTICES.md ./
USER $APP_UID
