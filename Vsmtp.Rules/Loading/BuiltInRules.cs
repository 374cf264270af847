namespace Vsmtp.Rules.Loading;

/// <summary>The rule set of a site that has configured none.</summary>
internal static class BuiltInRules
{
    private const string MainPath = "main.vsl";

    private const string DenyAllText = "#{ connect: [ rule \"no rules are configured\" || deny() ] }\n";

    public static RuleSet DenyAll() => new(
        new RuleSetFiles(MainPath, [new(MainPath, DenyAllText)]),
        new RuleSetOptions { ServerDomain = "" },
        script: null,
        [RuleDirective.BuiltIn(Stage.Connect, "no rules are configured", $"{MainPath}:1:15")],
        loaded: null);
}
