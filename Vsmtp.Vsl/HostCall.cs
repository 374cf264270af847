using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl;

/// <summary>What a native function may know of the call that it answers. Not valid after it has answered.</summary>
public readonly struct HostCall
{
    private readonly ScriptRun _run;
    private readonly Site _site;

    internal HostCall(ScriptRun run, Site site)
    {
        _run = run;
        _site = site;
    }

    /// <summary>What the host gave to the run: null while the top level is evaluated.</summary>
    public object? State => _run.State;

    public SourceSpan CallSite => _site.Span;

    public CancellationToken Cancellation => _run.Cancellation;

    public TimeProvider Time => _run.Time;

    /// <summary>Wall time that the run has left; a look-up should not wait longer.</summary>
    public TimeSpan TimeLeft => _run.Budget.TimeLeft;

    /// <summary>Bytes that the run may still build: more need not be tried.</summary>
    public long BytesLeft => _run.Budget.BytesLeft;

    /// <summary>Counts bytes that a native function builds for the script against the run's budget.</summary>
    /// <returns>False: the budget is spent; answer with <see cref="SpentBudget"/>.</returns>
    public bool TryCharge(long bytes) => _run.Budget.ChargeBytes(bytes) is null;

    /// <summary>The error of a spent budget.</summary>
    public Completion SpentBudget => Completion.Fail(_run.Budget.Spent ?? ScriptError.FromLimit("budget spent", CallSite));

    /// <summary>Calls a closure that was given as an argument, within the same run and budget.</summary>
    public ValueTask<Completion> InvokeAsync(FunctionValue function, params Value[] arguments) =>
        _run.InvokeAsync(function, arguments);
}
