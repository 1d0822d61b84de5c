namespace LlamaHost.Grammars.Matching;

/// <summary>What can be said of a network's nodes before any text is matched. Nothing here recurs: clients choose how deep rules go.</summary>
internal static class NetworkAnalysis
{
    /// <summary>From which nodes the end of their rule can be reached.</summary>
    public static bool[] Productive(Network network) => Reaches(network, take: true);

    /// <summary>From which nodes the end of their rule can be reached without taking a byte.</summary>
    public static bool[] Nullable(Network network) => Reaches(network, take: false);

    /// <summary>Whether a rule can come to itself before a byte is taken.</summary>
    /// <remarks>Sorts the rules by what each begins with, and sees whether that has an end. Source: Kahn, "Topological sorting" (1962).</remarks>
    public static bool HasLeftRecursion(Network network)
    {
        HashSet<int>[] begins = [.. network.RuleStarts.Select(start => LeftCalls(network, start))];
        int[] callers = new int[begins.Length];
        foreach (int callee in begins.SelectMany(callees => callees))
            callers[callee]++;
        Stack<int> open = new(Enumerable.Range(0, begins.Length).Where(rule => callers[rule] == 0));
        int sorted = 0;
        for (; open.TryPop(out int rule); sorted++)
        {
            foreach (int callee in begins[rule])
            {
                if (--callers[callee] == 0)
                    open.Push(callee);
            }
        }
        return sorted < begins.Length;
    }

    // The rules that a rule may begin with.
    private static HashSet<int> LeftCalls(Network network, int start)
    {
        HashSet<int> calls = [];
        HashSet<int> seen = [start];
        Stack<int> open = new([start]);
        while (open.TryPop(out int at))
        {
            NetworkNode node = network.Nodes[at];
            if (node.Kind == NodeKind.Call)
                calls.Add(node.A);
            if (node.Kind == NodeKind.Split && seen.Add(node.A))
                open.Push(node.A);
            bool goesOn = node.Kind == NodeKind.Split || (node.Kind == NodeKind.Call && network.IsNullable[network.RuleStarts[node.A]]);
            if (goesOn && seen.Add(node.B))
                open.Push(node.B);
        }
        return calls;
    }

    private static bool[] Reaches(Network network, bool take)
    {
        NetworkNode[] nodes = network.Nodes;
        List<int>[] dependents = Dependents(network);
        bool[] reaches = new bool[nodes.Length];
        Stack<int> open = new();
        for (int node = 0; node < nodes.Length; node++)
        {
            if (nodes[node].Kind == NodeKind.End)
                Mark(node);
        }
        while (open.TryPop(out int node))
        {
            foreach (int dependent in dependents[node])
            {
                if (!reaches[dependent] && Holds(nodes[dependent]))
                    Mark(dependent);
            }
        }
        return reaches;

        bool Holds(NetworkNode node) => node.Kind switch
        {
            NodeKind.Take => take && !network.Sets[node.A].IsEmpty && reaches[node.B],
            NodeKind.Split => reaches[node.A] || reaches[node.B],
            NodeKind.Call => reaches[network.RuleStarts[node.A]] && reaches[node.B],
            _ => false,
        };

        void Mark(int node)
        {
            reaches[node] = true;
            open.Push(node);
        }
    }

    private static List<int>[] Dependents(Network network)
    {
        var dependents = new List<int>[network.Nodes.Length];
        for (int node = 0; node < dependents.Length; node++)
            dependents[node] = [];
        for (int node = 0; node < dependents.Length; node++)
        {
            NetworkNode of = network.Nodes[node];
            if (of.Kind is NodeKind.Take or NodeKind.Split or NodeKind.Call)
                dependents[of.B].Add(node);
            if (of.Kind == NodeKind.Split)
                dependents[of.A].Add(node);
            if (of.Kind == NodeKind.Call)
                dependents[network.RuleStarts[of.A]].Add(node);
        }
        return dependents;
    }
}
