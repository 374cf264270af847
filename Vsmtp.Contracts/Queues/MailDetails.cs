using System.Collections.Immutable;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Contracts.Queues;

/// <summary>A mail with its state and its whole history, oldest event first.</summary>
public sealed record MailDetails(MailSummary Summary, MailState State, ImmutableArray<MailEvent> Events);
