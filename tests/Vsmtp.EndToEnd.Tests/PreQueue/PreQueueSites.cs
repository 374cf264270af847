using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.PreQueue;

/// <summary>Clients wait for a scanner's verdict, for longer than any test lasts.</summary>
public sealed class PatientPreqSite() : RunningSite(PreQueueRules.Text, PreQueueRules.Service("4m", "accept"));

/// <summary>Clients wait for two seconds; what is late is accepted.</summary>
public sealed class LateAcceptSite() : RunningSite(PreQueueRules.Text, PreQueueRules.Service("2s", "accept"));

/// <summary>Clients wait for two seconds; what is late is refused for now.</summary>
public sealed class LateTempfailSite() : RunningSite(PreQueueRules.Text, PreQueueRules.Service("2s", "tempfail"));

/// <summary>Rules whose verdict before the queue is what the scanner writes into <c>X-Found</c>.</summary>
internal static class PreQueueRules
{
    public const string Text = """
        import "service" as service;

        #{
            preq: [
                delegate service::clamsmtpd "scan" || {
                    if !has_header("X-Found") { return next(); }
                    let found = get_header("X-Found");
                    if found == "info" { return info("550 5.7.1 Infected"); }
                    if found == "greylist" { return info("450 4.7.1 Later"); }
                    if found == "deny" { return deny(); }
                    if found == "deny with words" { return deny("554 5.7.1 Go away"); }
                    if found == "quarantine" { return quarantine("virus_q"); }
                    if found == "faccept" { return faccept(); }
                    if found == "nobody" { remove_rcpt_envelop("jane@example.com"); return next(); }
                    throw "unknown: " + found;
                },
                action "seen" || prepend_header("X-Preq", "done"),
            ],
            postq: [
                action "mark" || prepend_header("X-Postq", "done"),
            ],
        }
        """;

    public static string Service(string wait, string late) => $$"""
        proof: ["X-Scanned", "X-Found"],
        retry: #{ first: "200ms", max: "500ms", give_up: "1h" },
        max_in_flight: 20,
        preq_wait: "{{wait}}", preq_late: "{{late}}",
        """;
}
