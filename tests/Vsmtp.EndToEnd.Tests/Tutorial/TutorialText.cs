namespace Vsmtp.EndToEnd.Tests.Tutorial;

/// <summary>The tutorial's three files as its reader copies them.</summary>
internal static class TutorialText
{
    public const string Service = """
        // -- service.vsl
        service clamsmtpd smtp = #{
            delegator: #{
                address: "127.0.0.1:10026",
                timeout: "60s",
            },
            receiver: "127.0.0.1:10025",
        };
        """;

    public const string Toml = """
        # -- vsmtp.toml
        [server.interfaces]
        #      clients             delegation results
        addr = ["192.168.1.254:25", "127.0.0.1:10025"]
        """;

    public const string Main = """
        // -- main.vsl
        import "service" as service;

        #{
            postq: [
                /// once this rule is run, vsmtp will send the email to the
                /// clamsmtpd service and rule evaluation will be on hold.
                /// once all results are received on the 10024 port, evaluation
                /// will resume, and the body of this rule will be evaluated.
                delegate service::clamsmtpd "check email for virus" || {
                    // this is executed once the delegation result are received.
                    log("debug", "email analyzed.");

                    // clamav inserts the "X-Virus-Infected" header
                    // once a virus is detected. 
                    if has_header("X-Virus-Infected") {
                        quarantine("virus_q")
                    } else {
                        next()
                    }
                }
            ],
        }
        """;
}
