namespace Vsmtp.Contracts.RuleSets;

/// <summary>Which mails are to be listed: those that rules will still be run on, and that are not under the wanted set yet.</summary>
/// <param name="Under">The set that they are under; null: any.</param>
/// <param name="Wanted">The set that they are to be under. One that is parked in <c>quarantine/rule-set</c> is listed though it is this.</param>
/// <param name="After">Only ids behind this one; empty: from the first.</param>
public sealed record SleepingMails(string? Under, string Wanted, string After);
