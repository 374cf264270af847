using System.Net;
using System.Text;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Rules.Tests;

/// <summary>The document that the product was asked for by; its files are taken as they were given.</summary>
public sealed class TutorialTests
{
    private readonly Site _site = new();

    [Fact]
    public async Task The_files_load_from_disk_without_an_error()
    {
        var set = await LoadAsync();

        var directive = Assert.Single(set[Stage.Postq]);
        Assert.Equal("check email for virus", directive.Name);
        Assert.Equal(["clamsmtpd"], directive.ServiceNames);
        Assert.StartsWith("main.vsl:10:9", directive.Source, StringComparison.Ordinal);
        Assert.Equal(["main.vsl", "service.vsl"], set.Files.Keys);
        var service = set.Services["clamsmtpd"];
        Assert.Equal(("127.0.0.1:10026", "127.0.0.1:10025"), (service.Delegator, service.Receiver));
        Assert.Equal(TimeSpan.FromSeconds(60), service.Timeout);
    }

    [Fact]
    public async Task Its_listeners_serve_the_receiver_and_are_not_the_delegator()
    {
        var set = await LoadAsync();

        Assert.Empty(RuleSetChecks.Check(set, [IPEndPoint.Parse("192.168.1.254:25"), IPEndPoint.Parse("127.0.0.1:10025")]));
    }

    [Fact]
    public async Task Postq_delegates_and_the_body_does_not_run()
    {
        var set = await LoadAsync();
        var log = new ListLog();

        var outcome = await _site.Engine.RunAsync(set, Stage.Postq, Site.Transaction(log: log), Site.Token);

        Assert.Equal(RuleStatusKind.Delegate, outcome.Status);
        Assert.Equal("check email for virus", outcome.Delegate!.Directive);
        Assert.Equal(set.Services["clamsmtpd"], outcome.Delegate.Service);
        Assert.Equal(Stage.Postq, outcome.Delegate.Stage);
        Assert.Equal(set[Stage.Postq][0].Source, outcome.Delegate.Source);
        Assert.Empty(log.Lines);
    }

    [Theory]
    [InlineData("X-Virus-Infected: Virus Detected!\r\nSubject: hi\r\n\r\n", RuleStatusKind.Quarantine, "virus_q")]
    [InlineData("Subject: hi\r\nx-virus-infected: Eicar\r\n\r\n", RuleStatusKind.Quarantine, "virus_q")]
    [InlineData("Subject: hi\r\nX-Virus-Scanned: ClamAV using ClamSMTP\r\n\r\n", RuleStatusKind.Next, null)]
    public async Task The_body_judges_the_mail_that_came_back(string headers, RuleStatusKind status, string? quarantine)
    {
        var set = await LoadAsync();
        var log = new ListLog();
        var context = Site.Transaction(log: log);
        context.Headers = HeaderBlock.Parse(Encoding.ASCII.GetBytes(headers));

        var outcome = await _site.Engine.ResumeAsync(
            set, Stage.Postq,
            new DelegateResume("check email for virus", new DelegateVisit { Service = "clamsmtpd", Result = new DelegateResult.Returned() }), context, Site.Token);

        Assert.Null(outcome.Failure);
        Assert.Equal(status, outcome.Status);
        Assert.Equal(quarantine, outcome.Quarantine);
        Assert.Equal((RuleLogLevel.Debug, "email analyzed."), Assert.Single(log.Lines));
    }

    private async Task<RuleSet> LoadAsync()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Tutorial", "main.vsl");
        var result = await RuleSetLoader.LoadAsync(path, _site.Options, Site.Token);
        Assert.NotNull(result.Set);
        return result.Set;
    }
}
