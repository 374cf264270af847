using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary>An expression whose value is told to who watches the run.</summary>
internal sealed class Observed(Node inner, bool isCondition) : Node(inner.Span)
{
    private const int MaxChars = 200;

    /// <summary>A call that is the whole condition is told once.</summary>
    public Observed AsCondition() => new(inner, isCondition: true);

    public override string? Type => inner.Type;

    public override Code Compile() => Watch(inner.Compile());

    public override Code CompileBorrowed() => Watch(inner.CompileBorrowed());

    private Code Watch(Code code)
    {
        if (code.Sync is { } sync) return Code.Of(frame => Tell(frame, sync(frame)));
        return Code.Waiting(async frame => Tell(frame, await code.RunAsync(frame).ConfigureAwait(false)));
    }

    private Completion Tell(Frame frame, in Completion completion)
    {
        if (completion.IsValue) frame.Run.Observer?.Saw(new Observation(Span, Cut(completion.Value.ToDebug()), isCondition));
        return completion;
    }

    private static string Cut(string text) => text.Length > MaxChars ? string.Concat(text.AsSpan(0, MaxChars), "…") : text;
}
