using Vsmtp.Rules.Loading;
using Vsmtp.Rules.Services.Files;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services.Csv;

/// <summary>Reads the options of <c>service NAME db:csv</c>.</summary>
internal static class CsvReader
{
    private static readonly string[] AccessModes = ["O_RDONLY", "O_WRONLY", "O_RDWR"];
    private static readonly string[] RefreshModes = ["always", "no"];

    /// <returns>Null when there are faults.</returns>
    public static CsvOptions? Read(string name, VslMap map, LoadState state, ServiceFindings findings)
    {
        var options = new OptionReader($"service `{name}`", map, findings);
        var path = options.RequiredText("connector");
        var access = OneOf(options, "access", AccessModes, name, findings);
        var refresh = OneOf(options, "refresh", RefreshModes, name, findings);
        var delimiter = options.Any("delimiter");
        if (delimiter is not { Kind: ValueKind.Character } || delimiter.Value.ToText() is "\"" or "\r" or "\n")
        {
            findings.Faults.Add($"service `{name}` needs a key `delimiter` with one character, such as ','");
        }

        if (path is not null && DatabaseFile.Fault(path, state, findings.Faults.Count == 0) is { } fault)
        {
            findings.Faults.Add($"`connector` of service `{name}`: {fault}");
        }

        options.WarnOfUnknownKeys();
        return findings.Faults.Count == 0
            ? new CsvOptions(path!, (CsvAccess)Array.IndexOf(AccessModes, access), refresh == "always", delimiter!.Value.ToText())
            : null;
    }

    private static string? OneOf(OptionReader options, string key, string[] choices, string name, ServiceFindings findings)
    {
        if (options.RequiredText(key) is not { } text || choices.Contains(text)) return options.Text(key);
        findings.Faults.Add($"`{key}` of service `{name}` is one of {string.Join(", ", choices)}, not `{text}`");
        return null;
    }
}
