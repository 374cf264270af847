using Vsmtp.Mail.Addresses;
using Vsmtp.Smtp.Commands;

namespace Vsmtp.Smtp.Server;

/// <summary>One RCPT.</summary>
public sealed record SmtpRecipient(ForwardPath Path, RcptParameters Parameters);
