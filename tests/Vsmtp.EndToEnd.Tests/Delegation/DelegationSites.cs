using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Delegation;

/// <summary>One delegation to a patient service that proves its scans.</summary>
public sealed class PatientSite() : RunningSite(OneDelegation, """
    proof: ["X-Scanned", "X-Found"],
    verdict_headers: ["X-Score"],
    retry: #{ first: "1s", max: "1s", give_up: "1h" },
    """);

/// <summary>The same service with little patience on both sides.</summary>
public sealed class HastySite() : RunningSite(OneDelegation, """
    proof: ["X-Scanned", "X-Found"],
    max_bytes: 20000,
    return_deadline: "2s",
    retry: #{ first: "1s", max: "1s", give_up: "1h" },
    """, timeout: "2s");
