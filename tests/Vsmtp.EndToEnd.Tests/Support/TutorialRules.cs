namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>Rules that declare what the tutorial's do.</summary>
internal static class TutorialRules
{
    public const string Main = """
        import "service" as service;

        #{
            postq: [
                delegate service::clamsmtpd "check email for virus" || {
                    log("debug", "email analyzed.");
                    if has_header("X-Virus-Infected") { quarantine("virus_q") } else { next() }
                }
            ],
        }
        """;
}
