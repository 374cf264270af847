using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>f!(x)</c>, resolved: the body of <c>f</c>, in the caller's frame.</summary>
/// <param name="slots">Where the parameters are kept.</param>
internal sealed class InlinedCall(Node[] arguments, int[] slots, Node body, SourceSpan span) : Node(span)
{
    public override Code Compile()
    {
        var code = body.Compile();
        var given = Array.ConvertAll(arguments, a => a.Compile());
        if (code.Sync is { } sync && Array.TrueForAll(given, g => !g.MayWait))
        {
            return Combine.Then(given, (frame, values) =>
            {
                Store(frame, values);
                return Returned(sync(frame));
            });
        }

        return Combine.ThenAsync(given, async (frame, values) =>
        {
            Store(frame, values);
            return Returned(await code.RunAsync(frame).ConfigureAwait(false));
        });
    }

    private void Store(Frame frame, Value[] values)
    {
        for (var i = 0; i < slots.Length; i++) frame.Slots[slots[i]] = values[i];
    }

    private static Completion Returned(in Completion result) =>
        result.Signal is null ? result : Completion.Of(result.Value);
}
