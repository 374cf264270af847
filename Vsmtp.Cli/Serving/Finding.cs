using Vsmtp.Configuration;
using Vsmtp.Vsl;

namespace Vsmtp.Cli.Serving;

/// <summary>One error or warning about a site.</summary>
/// <param name="IsError">The server does not start.</param>
/// <param name="Text">As compilers say it, with the source line and a caret; no line end behind it.</param>
internal sealed record Finding(bool IsError, string Text)
{
    public static Finding Of(ConfigurationFault fault) => new(fault.Severity is FaultSeverity.Error, fault.ToString());

    public static Finding Of(Diagnostic diagnostic, DiagnosticRenderer renderer) =>
        new(diagnostic.Severity is DiagnosticSeverity.Error, renderer.Render([diagnostic]).TrimEnd('\n'));
}
