namespace Vsmtp.Rules.Tests.Services;

/// <summary>A site whose rules use one service, named <c>s::it</c>; one rule set for all runs.</summary>
internal sealed class ServiceSite(string service, Site? site = null)
{
    private readonly Site _site = site ?? new Site();

    /// <summary>A rule set with one rule that logs what an expression gives; the expression may read <c>helo()</c>.</summary>
    public Task<RuleSet> LoadAsync(string expression)
    {
        var main = $"import \"s\" as s;\n#{{ postq: [ rule \"r\" || {{ let result = {{ {expression} }}; log(\"info\", result.to_debug()); next() }} ] }}";
        return _site.LoadGoodAsync(main, ("s.vsl", $"service it {service};"));
    }

    /// <returns>The value as <c>to_debug</c> writes it, or <c>error: </c> and the message.</returns>
    public async Task<string> EvalAsync(string expression) => await RunAsync(await LoadAsync(expression));

    public async Task<string> RunAsync(RuleSet set, string helo = "client.example.com", ListLog? log = null)
    {
        log ??= new ListLog();
        var context = Site.Transaction(log: log);
        context.Helo = helo;
        var outcome = await _site.Engine.RunAsync(set, Stage.Postq, context, Site.Token);
        return outcome.Failure is { } failure ? $"error: {failure.Message}" : Assert.Single(log.Lines, line => line.Level is RuleLogLevel.Info).Text;
    }
}
