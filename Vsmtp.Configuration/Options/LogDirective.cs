using System.Diagnostics.CodeAnalysis;

namespace Vsmtp.Configuration.Options;

/// <summary>One entry of <c>server.logs.level</c>: <c>warn</c>, or <c>target=debug</c>.</summary>
/// <param name="Target">Prefix of the log category that this is for; null: all.</param>
/// <param name="Severity">The least severe line that is written.</param>
public sealed record LogDirective(string? Target, LogSeverity Severity)
{
    /// <summary>The names of the severities, as the file writes them.</summary>
    public static readonly IReadOnlyList<string> SeverityNames = [.. Enum.GetNames<LogSeverity>().Select(n => n.ToLowerInvariant())];

    public static bool TryParse(string text, [NotNullWhen(true)] out LogDirective? directive)
    {
        var equals = text.LastIndexOf('=');
        var target = equals < 0 ? null : text[..equals].Trim();
        var level = text[(equals + 1)..].Trim();
        var isName = SeverityNames.Contains(level, StringComparer.OrdinalIgnoreCase);
        directive = isName && target is not "" ? new(target, Enum.Parse<LogSeverity>(level, ignoreCase: true)) : null;
        return directive is not null;
    }

    public override string ToString()
    {
        var level = Severity.ToString().ToLowerInvariant();
        return Target is null ? level : $"{Target}={level}";
    }
}
