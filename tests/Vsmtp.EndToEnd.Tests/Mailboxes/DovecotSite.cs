using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Mailboxes;

/// <summary>Our server, which forwards every mail by LMTP to a Dovecot with some mailboxes.</summary>
public sealed class DovecotSite : IAsyncLifetime
{
    /// <summary>A quota for which every mail is too large.</summary>
    private const string Small = "userdb_quota_rule=*:bytes=100";

    internal Dovecot Dovecot { get; private set; } = null!;

    internal RunningSite Site { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Dovecot = await Dovecot.StartAsync(
            "john@example.com", "jane@example.com", "kim@example.com",
            "plain@example.com", "dots@example.com", "octets@example.com", "empty@example.com", "large@example.com",
            $"over@example.com {Small}", $"full@example.com {Small} userdb_quota_full_tempfail=yes");
        Site = await RunningSite.StartAsync($$"""#{ delivery: [ action "to Dovecot" || forward_all("lmtp://127.0.0.1:{{Dovecot.Port}}") ] }""");
    }

    public async ValueTask DisposeAsync()
    {
        if (Site is not null) await Site.DisposeAsync();
        if (Dovecot is not null) await Dovecot.DisposeAsync();
    }
}
