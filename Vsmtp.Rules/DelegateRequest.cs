using System.Collections.Immutable;
using Vsmtp.Mail.Delegation;

namespace Vsmtp.Rules;

/// <summary>A delegate directive was reached: the mail is to go to its services, to all of them at once.</summary>
/// <param name="Stage">The stage that sleeps.</param>
/// <param name="Directive">Where it goes on: the name to give to <c>RuleEngine.ResumeAsync</c>.</param>
/// <param name="Services">As this rule set declares them; one or more, in the order in which the directive names them.</param>
/// <param name="Source">Where the directive stands, as <c>main.vsl:12:9</c>.</param>
public sealed record DelegateRequest(Stage Stage, string Directive, ImmutableArray<SmtpServiceSettings> Services, string Source)
{
    /// <summary>The only one, or the first.</summary>
    public SmtpServiceSettings Service => Services[0];

    /// <summary>How long a client waits in preq: as long as the most patient of the services has; null: in other stages.</summary>
    public TimeSpan? PreqWait => Services.Max(service => service.PreqWait);

    /// <summary>A mail without a verdict in that time is accepted: only if each of the services may be late.</summary>
    public bool AcceptsLate => Services.All(service => service.AcceptsLate);
}
