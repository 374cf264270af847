using System.Collections.Immutable;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Grains.Mail;

/// <summary>Changes of <see cref="MailState"/> that go together.</summary>
internal static class MailStateHistory
{
    /// <summary>The state with one more event; committed with it.</summary>
    public static MailState Tell(
        this MailState state, DateTimeOffset at, string node, string what, string why, string? directive = null, string? source = null) =>
        state with { NewEvents = state.NewEvents.Add(new MailEvent(at, node, what, why, directive, source)) };

    /// <summary>The state in another queue, or in the same one for another reason.</summary>
    /// <param name="wakeAt">Null: it waits for an operator, or has ended.</param>
    public static MailState MoveTo(this MailState state, MailPhase phase, DateTimeOffset now, DateTimeOffset? wakeAt, bool isBusy) => state with
    {
        Phase = phase,
        Since = state.Phase == phase ? state.Since : now,
        WakeAt = wakeAt,
        IsBusy = isBusy,
    };

    /// <summary>With one more, and without the oldest where they are more than <paramref name="remembered"/>: each is written with each commit.</summary>
    public static ImmutableArray<string> AddNewest(this ImmutableArray<string> hashes, string hash, int remembered) =>
        hashes.Add(hash).Newest(remembered);

    public static ImmutableArray<MailRecipient> Waiting(this MailState state) =>
        [.. state.Envelope.Recipients.Where(recipient => recipient.Status is RecipientStatus.Waiting)];

    public static ImmutableArray<string> Newest(this ImmutableArray<string> hashes, int remembered) =>
        hashes.Length > remembered ? hashes.RemoveRange(0, hashes.Length - remembered) : hashes;
}
