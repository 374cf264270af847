using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services;

/// <summary>Checks the options of <c>cmd</c> and <c>db:csv</c> services, whose use comes with a later version.</summary>
internal static class OtherServiceReader
{
    private static readonly string[] AccessModes = ["O_RDONLY", "O_WRONLY", "O_RDWR"];
    private static readonly string[] RefreshModes = ["always", "no"];

    public static void ReadCommand(string name, VslMap map, ServiceFindings findings)
    {
        var options = new OptionReader($"service `{name}`", map, findings);
        options.RequiredText("command");
        options.RequiredText("timeout");
        options.Duration("timeout");
        options.Any("args");
        options.Text("user");
        options.Text("group");
        options.WarnOfUnknownKeys();
    }

    public static void ReadCsv(string name, VslMap map, ServiceFindings findings)
    {
        var options = new OptionReader($"service `{name}`", map, findings);
        options.RequiredText("connector");
        OneOf(options, "access", AccessModes, name, findings);
        OneOf(options, "refresh", RefreshModes, name, findings);
        var delimiter = options.Any("delimiter");
        if (delimiter is not { Kind: ValueKind.Character })
        {
            findings.Faults.Add($"service `{name}` needs a key `delimiter` with one character, such as ','");
        }

        options.WarnOfUnknownKeys();
    }

    private static void OneOf(OptionReader options, string key, string[] choices, string name, ServiceFindings findings)
    {
        if (options.RequiredText(key) is not { } text || choices.Contains(text)) return;
        findings.Faults.Add($"`{key}` of service `{name}` is one of {string.Join(", ", choices)}, not `{text}`");
    }
}
