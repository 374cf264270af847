using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary>Turns a bound chain of properties and indices on a variable into a <see cref="Place"/>.</summary>
internal static class Places
{
    /// <param name="keys">The index expressions, in order of evaluation.</param>
    /// <returns>False: the chain does not begin with a variable or <c>this</c>, so nothing would keep a change of it.</returns>
    public static bool TryMake(Node node, out Place place, out Node[] keys)
    {
        var steps = new Stack<Node>();
        for (; node is Member or IndexAccess; node = node is Member member ? member.Target : ((IndexAccess)node).Target)
            steps.Push(node);

        var indices = new List<Node>();
        var path = steps.Select(step => step switch
        {
            Member member =>
                new PlaceStep(member.Name, 0, member.Getters is { MayWait: true } ? null : member.Getters, step),
            _ => new PlaceStep(null, Add(indices, ((IndexAccess)step).Index), null, step),
        }).ToArray();

        keys = [.. indices];
        place = node switch
        {
            Variable { Local: { } local } => new Place(local.Slot, local.Name, local.IsConstant, path, node.Span),
            _ => new Place(-1, "this", false, path, node.Span),
        };
        return node is ThisExpression or Variable { Local: not null };
    }

    private static int Add(List<Node> indices, Node index)
    {
        indices.Add(index);
        return indices.Count - 1;
    }
}
