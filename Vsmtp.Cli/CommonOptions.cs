using System.CommandLine;

namespace Vsmtp.Cli;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    public static Option<string?> Config() => new("--config", "-c")
    {
        Description = "The configuration file, vsmtp.toml. Without it the built-in defaults hold.",
        HelpName = "FILE",
    };

    public static Option<string[]> Set()
    {
        var option = new Option<string[]>("--set")
        {
            Description = "Sets a key over the file's, as server.domain=example.com; may be given again.",
            HelpName = "KEY=VALUE",
            DefaultValueFactory = _ => [],
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=') < 1))
                result.AddError($"--set takes KEY=VALUE, not '{token.Value}'.");
        });
        return option;
    }

    /// <summary>The parts of each <c>KEY=VALUE</c>.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Pairs(string[] sets) =>
        [.. sets.Select(set => set.Split('=', 2)).Select(parts => KeyValuePair.Create(parts[0].Trim(), parts[1]))];

    public static Option<bool> Json() => new("--json") { Description = "Print JSON." };
}
