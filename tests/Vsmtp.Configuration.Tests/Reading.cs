using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Tests;

/// <summary>Reads texts as <c>/etc/vsmtp/vsmtp.toml</c>, without the environment of the machine.</summary>
internal static class Reading
{
    public const string FileName = "/etc/vsmtp/vsmtp.toml";

    public static ConfigurationResult Of(string toml, params string[] sets) =>
        ConfigurationReader.ReadText(toml, FileName, Pairs(sets), _ => null);

    /// <summary>The configuration of a text that has no error.</summary>
    public static VsmtpConfiguration Good(string toml, params string[] sets)
    {
        var result = Of(toml, sets);
        Assert.Empty(result.Faults.Where(f => f.Severity == FaultSeverity.Error).Select(f => f.ToString()));
        return result.Configuration!;
    }

    public static ServerOptions Server(string toml, params string[] sets) => Good(toml, sets).Server;

    /// <summary>The only error of a text.</summary>
    public static ConfigurationFault Error(string toml, params string[] sets)
    {
        var result = Of(toml, sets);
        Assert.Null(result.Configuration);
        return Assert.Single(result.Faults, f => f.Severity == FaultSeverity.Error);
    }

    public static IReadOnlyList<string> Errors(string toml, params string[] sets) =>
        [.. Of(toml, sets).Faults.Where(f => f.Severity == FaultSeverity.Error).Select(f => $"{f.Line}:{f.Column}: {f.Message}")];

    public static IReadOnlyList<string> Warnings(string toml, params string[] sets) =>
        [.. Of(toml, sets).Faults.Where(f => f.Severity == FaultSeverity.Warning).Select(f => f.Message)];

    public static List<KeyValuePair<string, string>> Pairs(params string[] sets) =>
        [.. sets.Select(s => s.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], p[1]))];
}
