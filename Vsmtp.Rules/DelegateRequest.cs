using Vsmtp.Mail.Delegation;

namespace Vsmtp.Rules;

/// <summary>A delegate directive was reached: the mail is to go to a service.</summary>
/// <param name="Stage">The stage that sleeps.</param>
/// <param name="Directive">Where it goes on: the name to give to <c>RuleEngine.ResumeAsync</c>.</param>
/// <param name="Service">As this rule set declares it.</param>
/// <param name="Source">Where the directive stands, as <c>main.vsl:12:9</c>.</param>
public sealed record DelegateRequest(Stage Stage, string Directive, SmtpServiceSettings Service, string Source);
