using System.Net;
using System.Text;
using Vsmtp.Mail.Headers;
using Vsmtp.Rules;
using Vsmtp.Vsl;

// Runs the rules of preq once over a mail, without any bound: Vsmtp.Benchmarks MAIN.vsl MAIL.eml
var limits = new BudgetLimits
{
    MaxSteps = long.MaxValue, MaxAllocatedBytes = long.MaxValue, MaxTime = TimeSpan.FromHours(1),
};
var loaded = await RuleSetLoader.LoadAsync(args[0], new RuleSetOptions { ServerDomain = "mx.example.com" }, default).ConfigureAwait(false);
if (loaded.Set is not { } rules)
{
    Console.Error.WriteLine(string.Join('\n', loaded.Diagnostics));
    return 1;
}

var mail = File.ReadAllBytes(args[1]);
var end = Encoding.ASCII.GetString(mail).IndexOf("\r\n\r\n", StringComparison.Ordinal) + 2;
var context = new RuleContext
{
    Client = IPEndPoint.Parse("192.0.2.1:4321"),
    Server = IPEndPoint.Parse("192.0.2.25:25"),
    ServerName = "mx.example.com",
    ConnectedAt = DateTimeOffset.UtcNow,
    Headers = HeaderBlock.Parse(mail.AsMemory(0, end)),
    Log = new Output(),
};
var outcome = await new RuleEngine(TimeProvider.System, limits).RunAsync(rules, Stage.Preq, context, default).ConfigureAwait(false);
if (outcome.Failure is { } failure) Console.Error.WriteLine(failure);
return outcome.Failure is null ? 0 : 1;

/// <summary>What the rules print.</summary>
internal sealed class Output : IRuleLog
{
    public void Write(RuleLogLevel level, string text) => Console.WriteLine(text);
}
