using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Delegation;

/// <summary>A mail that kills or stalls the service is set apart while the rest flows; one that is merely unlucky is not.</summary>
public sealed class PoisonTests
{
    private const string Keys = """retry: #{ first: "200ms", max: "500ms", give_up: "1h" },""";

    [Fact]
    public async Task A_mail_at_which_the_service_hangs_up_is_set_apart_and_the_rest_flows()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, Keys);
        site.Service.OnMail = async mail => IsPoison(mail) ? null : await site.Returning.ReturnAsync(mail);
        var poison = await site.SendAsync(Messages.Clean("poison"));

        var mail = await SetApartWhileOthersPassAsync(site, poison);
        Assert.Contains("it broke the conversation with clamsmtpd twice while other mails passed", mail);
        Assert.DoesNotContain(site.Relay.Mails, relayed => relayed.Header("Subject") == "poison");
    }

    [Fact]
    public async Task A_mail_that_stalls_the_service_is_set_apart_and_the_rest_flows()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, Keys, timeout: "4s");
        var end = new TaskCompletionSource<string?>();
        site.Service.OnMail = async mail => IsPoison(mail) ? await end.Task : await site.Returning.ReturnAsync(mail);
        var poison = await site.SendAsync(Messages.Clean("poison"));

        Assert.Contains("did not answer within 4 s", await SetApartWhileOthersPassAsync(site, poison));
        end.SetResult(null);
    }

    [Fact]
    public async Task A_mail_that_takes_the_service_down_with_all_it_had_is_set_apart_in_the_end_and_no_other()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, Keys);
        var deaths = new SemaphoreSlim(0);
        void Work() => site.Service.OnMail = async mail =>
        {
            if (!IsPoison(mail)) return await site.Returning.ReturnAsync(mail);
            deaths.Release();
            return null;
        };

        Work();
        var poison = await site.SendAsync(Messages.Clean("poison"));
        var others = new List<string>();
        while ((await site.Server.Api.FindAsync(poison))!.Mail.Queue == "delegated")
        {
            others.AddRange(await Task.WhenAll(Enumerable.Range(0, 4).Select(i => site.SendAsync(Messages.Clean($"mail {others.Count + i}")))));
            if (!await deaths.WaitAsync(TimeSpan.Zero, TestContext.Current.CancellationToken)) continue;
            await site.StopServiceAsync();
            site.StartService();
            Work();
        }

        Assert.Contains("broke the conversation", (await site.Server.WaitForAsync(poison, "quarantine/delegation")).Mail.Reason);
        foreach (var id in others) await site.Server.WaitForAsync(id, "delivered");
    }

    [Fact]
    public async Task Where_no_mail_passes_none_is_set_apart()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, Keys);
        site.Service.OnMail = _ => Task.FromResult<string?>(null);   // as one whose own backend is away
        var ids = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => site.SendAsync(Messages.Clean($"mail {i}"))));
        await Patience.UntilAsync(() => site.Service.Seen.Count >= 16, "it broke each again and again");

        site.Service.OnMail = async mail => await site.Returning.ReturnAsync(mail);
        foreach (var id in ids) await site.Server.WaitForAsync(id, "delivered");
    }

    [Fact]
    public async Task A_directive_says_itself_what_becomes_of_a_mail_that_was_set_apart()
    {
        await using var site = await RunningSite.StartAsync("""
            import "service" as service;

            #{
                postq: [
                    delegate service::clamsmtpd "scan" #{
                        evaluate: || next(),
                        failed: |why| { append_header("X-Why", why); quarantine("poison") },
                    },
                ],
            }
            """, Keys);
        site.Service.OnMail = async mail => IsPoison(mail) ? null : await site.Returning.ReturnAsync(mail);
        var poison = await site.SendAsync(Messages.Clean("poison"));
        await SetApartWhileOthersPassAsync(site, poison, "quarantine/poison");
    }

    private static bool IsPoison(ReceivedMail mail) => mail.Header("Subject") == "poison";

    /// <summary>Sends others, each of which is delivered, until the mail is out of <c>delegated</c>.</summary>
    /// <returns>The reason that it is where it is.</returns>
    private static async Task<string> SetApartWhileOthersPassAsync(RunningSite site, string poison, string queue = "quarantine/delegation")
    {
        var passed = 0;
        await Patience.UntilAsync(
            async () =>
            {
                var other = await site.SendAsync(Messages.Clean($"other {passed++}"));
                await site.Server.WaitForAsync(other, "delivered");
                return (await site.Server.Api.FindAsync(poison))!.Mail.Queue == queue;
            },
            "the poison is set apart",
            seconds: 120);
        return (await site.Server.Api.FindAsync(poison))!.Mail.Reason;
    }
}
