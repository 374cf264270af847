using Vsmtp.Mail.Delegation;

namespace Vsmtp.Rules.Loading;

/// <summary>What the catalog has of a set that is not the present one. Guarded by the catalog.</summary>
internal sealed class EarlierRuleSet
{
    /// <summary>Its services, and so its receivers: kept as long as this is, however often the compiled set is let go. Null: not loaded yet.</summary>
    public IReadOnlyCollection<SmtpServiceSettings>? Services { get; set; }

    /// <summary>The compiled set, or the work that makes it; its result is null for a set that cannot be had. Null: let go.</summary>
    public Task<RuleSet?>? Compiled { get; set; }

    /// <summary>When a mail or a session wanted it last, or one was known to sleep under it.</summary>
    public DateTimeOffset UsedAt { get; set; }

    /// <summary>The same as a number that no two uses share.</summary>
    public long Use { get; set; }
}
