using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Dependencies;

namespace LlamaHost.Architecture.Tests.Rules;

/// <summary>Nobody blocks a thread on a task or puts one to sleep. Compiled code tells a task's result from a property of that name.</summary>
internal static class BlockingRule
{
    private static readonly string[] Blocking =
    [
        "System.Threading.Tasks.Task`1::get_Result()",
        "System.Threading.Tasks.ValueTask`1::get_Result()",
        "System.Threading.Tasks.Task::Wait(",
        "System.Threading.Tasks.Task::WaitAll(",
        "System.Threading.Tasks.Task::WaitAny(",
        "System.Threading.Thread::Sleep(",
    ];

    public static IEnumerable<string> Violations(IEnumerable<IType> types) =>
        from type in types
        from member in type.Members
        from call in member.Dependencies.OfType<MethodCallDependency>()
        let called = $"{call.Target.FullName}::{call.TargetMember.Name}"
        where Blocking.Any(blocking => called.StartsWith(blocking, StringComparison.Ordinal))
        select $"{member.FullName} calls {called}";
}
