using Vsmtp.Mail.Delegation;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Loading;

/// <summary>An smtp service and where it was declared.</summary>
internal sealed record DeclaredService(SmtpServiceSettings Settings, SourceSpan Span);
