namespace Vsmtp.Vsl.Evaluation;

/// <summary>Something a function pointer points at.</summary>
internal interface ICallable
{
    /// <summary>-1: any number is tried.</summary>
    int ParameterCount { get; }

    bool IsClosure { get; }

    SourceSpan Span { get; }

    ValueTask<Completion> InvokeAsync(ScriptRun run, Value self, Value[] arguments, SourceSpan callSite);
}
