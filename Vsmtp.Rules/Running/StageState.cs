namespace Vsmtp.Rules.Running;

/// <summary>The state of one run of a stage.</summary>
internal sealed class StageState(RuleSet set, Stage stage, RuleContext context) : RuleState(set.Options, context.Log)
{
    public Stage Stage { get; } = stage;

    public RuleContext Context { get; } = context;

    public override bool TryReadFile(string path, out string text)
    {
        if (set.Files.TryGetValue(path, out text!)) return true;
        // A mail that sleeps must wake under the same rules on any machine, and a rule may not block on a disk.
        text = $"`{path}` was not read when the rules were loaded: declare the object at the top level of a module";
        return false;
    }
}
