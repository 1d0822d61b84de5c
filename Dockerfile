# syntax=docker/dockerfile:1
# LlamaHost with its default model inside. The target says what computes: cpu (the default), cuda12, cuda13 or vulkan.
#   docker build -t llamahost . && docker run --rm -p 127.0.0.1:8080:8080 llamahost
# The target cpu is for linux/amd64 and linux/arm64; there are libraries of the others for linux/amd64 alone.
# docker/README.md says what each target needs, and how the secrets "npmrc" and "nuget" name other package sources.

# ---- The llama.cpp libraries. Each variant is a stage of its own: only the wanted one is fetched, and again only if its lock changes.

FROM --platform=$BUILDPLATFORM node:22-bookworm-slim AS npm
COPY native/.npmrc native/package.json native/package-lock.json native/fetch.sh /native/
COPY native/linux-x64-cpu/package.json /native/linux-x64-cpu/
COPY native/linux-arm64-cpu/package.json /native/linux-arm64-cpu/
COPY native/linux-x64-cuda/package.json /native/linux-x64-cuda/
COPY native/linux-x64-vulkan/package.json /native/linux-x64-vulkan/

FROM npm AS native-cpu
ARG TARGETARCH
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc /native/fetch.sh "linux-$TARGETARCH" cpu /libraries

FROM npm AS native-vulkan
ARG TARGETARCH
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc /native/fetch.sh "linux-$TARGETARCH" vulkan /libraries

# Two builds of the CUDA backend come together: one for CUDA 13, and one for CUDA 12 in the folder "fallback".
FROM npm AS native-cuda
ARG TARGETARCH
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc /native/fetch.sh "linux-$TARGETARCH" cuda /libraries

FROM native-cuda AS native-cuda13
RUN rm -r /libraries/fallback

FROM native-cuda AS native-cuda12
RUN mv -f /libraries/fallback/libggml-cuda.so /libraries/ && rmdir /libraries/fallback

# ---- The libraries that the CUDA backends are linked against. The driver's own, libcuda.so.1, comes from the machine.

FROM nvidia/cuda:13.1.1-runtime-ubuntu24.04 AS runtime-cuda13
RUN mkdir /libraries && cd /usr/local/cuda/lib64 && cp -L libcudart.so.13 libcublas.so.13 libcublasLt.so.13 /libraries/

FROM nvidia/cuda:12.9.1-runtime-ubuntu24.04 AS runtime-cuda12
RUN mkdir /libraries && cd /usr/local/cuda/lib64 && cp -L libcudart.so.12 libcublas.so.12 libcublasLt.so.12 /libraries/

# ---- The program, the same for all targets.

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
ENV CI=true DOTNET_NOLOGO=true DOTNET_CLI_TELEMETRY_OPTOUT=true
WORKDIR /source
# What says which packages are needed comes first, so that a change of the code fetches none again.
COPY Directory.Build.props Directory.Packages.props global.json ./
COPY native/Restore.targets native/
COPY src/LlamaHost.Chat/LlamaHost.Chat.csproj src/LlamaHost.Chat/packages.lock.json src/LlamaHost.Chat/
COPY src/LlamaHost.Engine/LlamaHost.Engine.csproj src/LlamaHost.Engine/packages.lock.json src/LlamaHost.Engine/
COPY src/LlamaHost.Engine.Requests/LlamaHost.Engine.Requests.csproj src/LlamaHost.Engine.Requests/packages.lock.json src/LlamaHost.Engine.Requests/
COPY src/LlamaHost.Gguf/LlamaHost.Gguf.csproj src/LlamaHost.Gguf/packages.lock.json src/LlamaHost.Gguf/
COPY src/LlamaHost.Grammars/LlamaHost.Grammars.csproj src/LlamaHost.Grammars/packages.lock.json src/LlamaHost.Grammars/
COPY src/LlamaHost.Native/LlamaHost.Native.csproj src/LlamaHost.Native/packages.lock.json src/LlamaHost.Native/
COPY src/LlamaHost.Protocol/LlamaHost.Protocol.csproj src/LlamaHost.Protocol/packages.lock.json src/LlamaHost.Protocol/
COPY src/LlamaHost.Runtime/LlamaHost.Runtime.csproj src/LlamaHost.Runtime/packages.lock.json src/LlamaHost.Runtime/
COPY src/LlamaHost.Server/LlamaHost.Server.csproj src/LlamaHost.Server/packages.lock.json src/LlamaHost.Server/
COPY src/LlamaHost.Worker/LlamaHost.Worker.csproj src/LlamaHost.Worker/packages.lock.json src/LlamaHost.Worker/*.targets src/LlamaHost.Worker/
ARG TARGETARCH
RUN --mount=type=secret,id=nuget,target=/root/.nuget/NuGet/NuGet.Config \
    dotnet restore src/LlamaHost.Server --arch "$TARGETARCH" -p:PublishReadyToRun=true
COPY .editorconfig appsettings.json ./
COPY src src
# A folder of one's own libraries means that the build fetches and copies none.
RUN dotnet publish src/LlamaHost.Server --no-restore -c Release --arch "$TARGETARCH" -p:LLAMAHOST_NATIVE=/source/native -o /app

# ---- The images. What changes seldom and is large lies below what changes with every commit.

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble AS runtime
WORKDIR /app
COPY models models
# Inside a container all interfaces are meant; which of the machine's the port is published on is said when it is run.
ENV ASPNETCORE_HTTP_PORTS=8080
EXPOSE 8080
# Healthy means ready: the model answers, and where it was told to be.
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 CMD ["/app/LlamaHost.Server", "health"]
ENTRYPOINT ["/app/LlamaHost.Server"]

# NVIDIA's container toolkit reads what is to be seen of the GPUs, and which driver is needed at least. The driver compiles kernels for cards that the libraries have no machine code of;
# it takes minutes, so that the results should be kept: the folder is meant for a volume.
FROM runtime AS runtime-nvidia
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility CUDA_CACHE_PATH=/var/cache/cuda CUDA_CACHE_MAXSIZE=4294967296
RUN install -d -o "$APP_UID" -g "$APP_UID" "$CUDA_CACHE_PATH"

FROM runtime-nvidia AS cuda13
ENV NVIDIA_REQUIRE_CUDA=cuda>=13.0
COPY --from=runtime-cuda13 /libraries /usr/lib/x86_64-linux-gnu/
COPY --from=native-cuda13 /libraries worker/native
COPY LICENSE THIRD-PARTY-NOTICES.md ./
COPY --from=build /app .
USER $APP_UID

FROM runtime-nvidia AS cuda12
ENV NVIDIA_REQUIRE_CUDA=cuda>=12.0
COPY --from=runtime-cuda12 /libraries /usr/lib/x86_64-linux-gnu/
COPY --from=native-cuda12 /libraries worker/native
COPY LICENSE THIRD-PARTY-NOTICES.md ./
COPY --from=build /app .
USER $APP_UID

# Mesa's drivers are for AMD's and Intel's cards, and for NVIDIA's with its free driver. The proprietary one comes from NVIDIA's container toolkit.
FROM runtime AS vulkan
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=graphics,utility
RUN apt-get update && apt-get install -y --no-install-recommends libvulkan1 mesa-vulkan-drivers && rm -rf /var/lib/apt/lists/*
COPY --from=native-vulkan /libraries worker/native
COPY LICENSE THIRD-PARTY-NOTICES.md ./
COPY --from=build /app .
USER $APP_UID

FROM runtime AS cpu
COPY --from=native-cpu /libraries worker/native
COPY LICENSE THIRD-PARTY-NOTICES.md ./
COPY --from=build /app .
USER $APP_UID
