namespace Vsmtp.Rules.Running;

/// <summary>What native functions see as the state of a run: either rules are being loaded, or a stage is run.</summary>
internal abstract class RuleState(RuleSetOptions options, IRuleLog? log)
{
    private const int MaxLogLines = 1000;
    private const int MaxLogChars = 8192;

    private int _logLines;

    public RuleSetOptions Options { get; } = options;

    /// <summary>Writes to the application log; what a run writes too much of is cut off, once with a word about it.</summary>
    public void Write(RuleLogLevel level, string text)
    {
        if (log is null || _logLines > MaxLogLines) return;
        if (_logLines++ < MaxLogLines) log.Write(level, text.Length <= MaxLogChars ? text : $"{text.AsSpan(0, MaxLogChars)}…");
        else log.Write(RuleLogLevel.Warn, $"more than {MaxLogLines} lines in one stage: the rest is dropped");
    }

    /// <summary>Reads a file that an object names; all such files belong to the rule set.</summary>
    /// <param name="text">The text, or what is wrong when the result is false.</param>
    public abstract bool TryReadFile(string path, out string text);
}
