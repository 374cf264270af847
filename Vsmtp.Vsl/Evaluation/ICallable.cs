namespace Vsmtp.Vsl.Evaluation;

/// <summary>Something a function pointer points at.</summary>
internal interface ICallable
{
    /// <summary>-1: any number is tried.</summary>
    int ParameterCount { get; }

    bool IsClosure { get; }

    /// <summary>Whether the body reads <c>this</c>, so that a caller need not bind it otherwise.</summary>
    bool UsesThis { get; }

    SourceSpan Span { get; }

    ValueTask<Completion> InvokeAsync(ScriptRun run, Receiver? self, Value[] arguments, SourceSpan callSite);
}
