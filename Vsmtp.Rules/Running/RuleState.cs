namespace Vsmtp.Rules.Running;

/// <summary>What native functions see as the state of a run: either rules are being loaded, or a stage is run.</summary>
internal abstract class RuleState(RuleSetOptions options)
{
    public RuleSetOptions Options { get; } = options;

    /// <summary>Null drops what is written.</summary>
    public abstract IRuleLog? Log { get; }

    /// <summary>Reads a file that an object names; all such files belong to the rule set.</summary>
    /// <param name="text">The text, or what is wrong when the result is false.</param>
    public abstract bool TryReadFile(string path, out string text);
}
