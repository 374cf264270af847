using System.Globalization;

namespace Vsmtp.Faults.Ledgers;

/// <summary>What a fault did to the mails: a row of the table.</summary>
/// <param name="Accepted">Mails for which a client has a 250.</param>
/// <param name="Once">Of these, delivered once.</param>
/// <param name="Twice">Deliveries too many, by their reasons.</param>
/// <param name="Quarantined">Where the rules, or the outcome of a delegation, had to send them.</param>
/// <param name="Lost">Accepted mails that are nowhere where they should be; each in words.</param>
/// <param name="Unscanned">Deliveries of what the service had not passed; each in words.</param>
/// <param name="Unaccounted">The unexplained of the deliveries too many; each in words.</param>
/// <param name="Done">What was done to the server.</param>
internal sealed record FaultRow(
    string Fault,
    int Accepted,
    int Once,
    int Repeated,
    IReadOnlyDictionary<string, int> Twice,
    int Quarantined,
    IReadOnlyList<string> Lost,
    IReadOnlyList<string> Unscanned,
    IReadOnlyList<string> Unaccounted,
    string Done)
{
    /// <summary>For a second delivery that nothing in the ledger accounts for.</summary>
    public const string Unexplained = "unexplained";

    public const string Head = """
        | fault | done | accepted | delivered once | twice (why) | quarantined | lost | unscanned |
        |---|---|---|---|---|---|---|---|
        """;

    public const string HeadWithNotices = """
        | fault | done | accepted | delivered once | twice (why) | senders told | quarantined | lost | unscanned |
        |---|---|---|---|---|---|---|---|---|
        """;

    /// <summary>Notifications of recipients that were refused; null: none are.</summary>
    public int? Told { get; init; }

    public bool IsGood => Lost.Count == 0 && Unscanned.Count == 0 && !Twice.ContainsKey(Unexplained);

    private string Notices => Told is { } told ? string.Create(CultureInfo.InvariantCulture, $"{told} | ") : "";

    private string Reasons => Twice.Count == 0
        ? "0"
        : $"{Repeated} ({string.Join(", ", Twice.OrderByDescending(why => why.Value).Select(why => $"{why.Value} {why.Key}"))})";

    public string Faults => string.Join('\n', Lost.Concat(Unscanned).Concat(Unaccounted).Take(20));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Fault} | {Done} | {Accepted} | {Once} | {Reasons} | {Notices}{Quarantined} | {Lost.Count} | {Unscanned.Count} |");
}
