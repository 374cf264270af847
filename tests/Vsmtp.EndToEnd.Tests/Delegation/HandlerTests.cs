using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Delegation;

/// <summary>A site whose directive handles each outcome itself, and which has little patience.</summary>
public sealed class HandlingSite() : RunningSite("""
    import "service" as service;

    #{
        postq: [
            delegate service::clamsmtpd "scan" #{
                evaluate: || next(),
                rejected: |reply| { append_header("X-Outcome", `rejected: ${reply}`); next() },
                absorbed: || { append_header("X-Outcome", "absorbed"); next() },
                unscanned: || { append_header("X-Outcome", "unscanned"); next() },
                failed: |why| { append_header("X-Outcome", `failed: ${why}`); next() },
            },
        ],
    }
    """, """
    proof: ["X-Scanned"],
    max_bytes: 20000,
    return_deadline: "1s",
    retry: #{ first: "1s", max: "1s", give_up: "2s" },
    """);

/// <summary>Outcomes that a directive's own handlers decide upon.</summary>
public sealed class HandlerTests : IClassFixture<HandlingSite>
{
    private readonly HandlingSite _site;

    public HandlerTests(HandlingSite site)
    {
        _site = site;
        _site.Relay.Reset();
        _site.Service.Reset();
    }

    [Theory]
    [InlineData("550 5.7.1 No", "rejected: 550 5.7.1 No")]
    [InlineData("250 2.0.0 Swallowed", "absorbed")]
    public async Task The_handler_of_the_outcome_runs(string answer, string outcome)
    {
        _site.Service.Answer(answer);
        Assert.Equal(outcome, (await SendAsync(outcome)).Header("X-Outcome"));
    }

    [Fact]
    public async Task A_service_that_cannot_take_it_until_the_patience_ends_has_failed()
    {
        _site.Service.Answer("451 4.3.0 Local Error");
        var outcome = (await SendAsync("failed")).Header("X-Outcome");

        Assert.StartsWith("failed: ", outcome);
        Assert.Contains("451 4.3.0 Local Error", outcome);
        Assert.True(_site.Service.Seen.Count > 1, "it was not tried again");
    }

    [Fact]
    public async Task A_mail_that_the_service_is_not_given_is_unscanned()
    {
        var delivered = await SendAsync("large", string.Concat(Enumerable.Repeat($"{new string('x', 76)}\r\n", 300)));

        Assert.Equal("unscanned", delivered.Header("X-Outcome"));
        Assert.Empty(_site.Service.Seen);
    }

    [Fact]
    public async Task A_mail_that_comes_back_without_proof_is_unscanned()
    {
        _site.Service.OnMail = async mail => await _site.Returning.ReturnAsync(mail, mail.Text);

        Assert.Equal("unscanned", (await SendAsync("no proof")).Header("X-Outcome"));
    }

    private async Task<ReceivedMail> SendAsync(string subject, string body = "text")
    {
        var id = await _site.SendAsync(Messages.Clean(subject, body));
        return await _site.DeliveredAsync(id, subject);
    }
}

/// <summary>The same patience without handlers.</summary>
public sealed class GivingUpTests
{
    [Fact]
    public async Task A_service_that_stays_away_gives_the_mail_to_quarantine_with_the_reason()
    {
        await using var site = await RunningSite.StartAsync(
            RunningSite.OneDelegation, "proof: [\"X-Scanned\"], retry: #{ first: \"1s\", max: \"1s\", give_up: \"2s\" },");
        await site.StopServiceAsync();
        var id = await site.SendAsync(Messages.Clean("given up"));
        var mail = await site.Server.WaitForAsync(id, "quarantine/delegation");

        Assert.Contains("failed", mail.Mail.Reason);
        Assert.Contains("unreachable", mail.Mail.Reason);
        Assert.Contains(mail.Events, e => e.What == "retry");
        Assert.Empty(site.Relay.Seen);
    }
}
