using System.Collections.Immutable;

namespace Vsmtp.Delivery.Local;

/// <summary>Where a Maildir is, or the folder that an mbox is in.</summary>
/// <param name="Root">A folder that the site vouches for: it is opened as it is, links and all.</param>
/// <param name="Folders">From there down to the Maildir; made where missing, and no link is followed.</param>
/// <param name="Owner">Whose files they are; null: those of the user that this process runs as.</param>
internal sealed record Mailbox(string Root, ImmutableArray<string> Folders, SystemAccount? Owner)
{
    public string PathOf(params ReadOnlySpan<string> names) => string.Join('/', [Root.TrimEnd('/'), .. Folders, .. names]);
}
