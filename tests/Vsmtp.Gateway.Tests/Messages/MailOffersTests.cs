using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Gateway.Messages;

namespace Vsmtp.Gateway.Tests.Messages;

/// <summary>What a client may be told of a mail that was offered, whatever its grain does or fails to do.</summary>
public sealed class MailOffersTests
{
    private const string Id = "m-00-01m8a5k6vjzjx4yxwbb873hjw2";

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private static readonly OfferMail Mail = new(new AcceptMail { Content = new StagedContent(new ContentId("key", 0, ""), []) }, "scan");
    private static readonly OfferAnswer Open = new(OfferStanding.Open);
    private static readonly OfferAnswer Passed = new(OfferStanding.Passed);
    private static readonly OfferAnswer Accepted = new(OfferStanding.Accepted);
    private static readonly OfferAnswer Refused = new(OfferStanding.Refused, new MailReply(550, "5.7.1", "Infected"));

    private static readonly GatewayOptions Options = new()
    {
        AnswerPatience = TimeSpan.FromMilliseconds(200),
        AnswerPause = TimeSpan.FromMilliseconds(1),
        SettleTimeout = TimeSpan.FromMilliseconds(200),
    };

    private readonly List<string> _calls = [];

    [Fact]
    public async Task A_mail_is_asked_after_until_it_has_passed_and_then_confirmed()
    {
        var asked = 0;
        Assert.Equal(Accepted, await RunAsync(Long, (method, _) => method switch
        {
            "Offer" => Open,
            "AwaitVerdict" => ++asked < 5 ? Open : Passed,
            _ => Accepted,
        }));
        Assert.Equal(["Offer", "AwaitVerdict", "AwaitVerdict", "AwaitVerdict", "AwaitVerdict", "AwaitVerdict", "Confirm"], _calls);
    }

    [Fact]
    public async Task A_refusal_is_told_and_not_confirmed()
    {
        Assert.Equal(Refused, await RunAsync(Long, (method, _) => method == "Offer" ? Open : Refused));
        Assert.Equal(["Offer", "AwaitVerdict"], _calls);
    }

    [Fact]
    public async Task At_the_end_of_the_wait_the_grain_says_what_that_means()
    {
        Assert.Equal(Refused, await RunAsync(TimeSpan.FromMilliseconds(50), (method, arguments) =>
        {
            if (method != "Confirm") return Open;
            Assert.Equal(true, arguments[0]);
            return Refused;
        }));
    }

    [Fact]
    public async Task A_silo_that_dies_in_the_wait_is_waited_for_until_another_answers()
    {
        var asked = 0;
        Assert.Equal(Accepted, await RunAsync(Long, (method, _) => method switch
        {
            "Offer" => Open,
            "AwaitVerdict" => ++asked switch
            {
                1 => throw new TimeoutException("The silo was killed."),
                2 => throw new OrleansException("No silo is there."),
                3 => throw new InvalidOperationException("Something else."),
                _ => Passed,
            },
            _ => Accepted,
        }));
    }

    [Theory]
    [InlineData(AcceptAnswer.Accepted, OfferStanding.Accepted)]
    [InlineData(AcceptAnswer.Withdrawn, OfferStanding.Refused)]
    public async Task A_confirmation_without_an_answer_is_settled_by_the_store(AcceptAnswer settled, OfferStanding standing)
    {
        var answer = await RunAsync(Long, (method, _) => method == "Confirm" ? throw new TimeoutException("No answer.") : Passed, new Store(() => settled));
        Assert.Equal(standing, answer?.Standing);
        Assert.Equal(standing is OfferStanding.Refused ? 451 : null, answer?.Reply?.Code);
    }

    [Fact]
    public async Task Where_the_store_does_not_answer_either_nothing_is_said() => Assert.Null(await RunAsync(
        Long, (method, _) => method == "Confirm" ? throw new TimeoutException("No answer.") : Passed, new Store(() => throw new TimeoutException("Busy."))));

    [Fact]
    public async Task An_offer_without_an_answer_is_a_451_and_is_not_confirmed()
    {
        var answer = await RunAsync(Long, (method, _) => method == "Offer" ? throw new TimeoutException("No answer.") : Refused);
        Assert.Equal(451, answer?.Reply?.Code);
        Assert.Equal("Withdraw", _calls[^1]);
        Assert.DoesNotContain("Confirm", _calls);
    }

    [Fact]
    public async Task A_full_store_is_an_answer() => await Assert.ThrowsAsync<StoreFullException>(
        () => RunAsync(Long, (_, _) => throw new StoreFullException("The disk is full.")));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_goes_away_withdraws_its_mail_even_if_it_has_just_passed(bool hasPassed)
    {
        using var gone = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(
            Long,
            (method, _) =>
            {
                if (method == "AwaitVerdict") gone.Cancel();
                return hasPassed ? Passed : Open;
            },
            offered: Open,
            end: gone.Token));
        Assert.Equal(["Offer", "AwaitVerdict", "Withdraw"], _calls);
    }

    private async Task<OfferAnswer?> RunAsync(
        TimeSpan wait, Func<string, object?[], OfferAnswer> answer, IAcceptances? store = null, OfferAnswer? offered = null, CancellationToken end = default)
    {
        var grains = ScriptedMail.Create(async (method, arguments) =>
        {
            _calls.Add(method);
            await Task.Yield();
            return method == "Offer" && offered is not null ? offered : answer(method, arguments);
        });
        var calls = new PatientCall(Options, TimeProvider.System);
        var acceptance = new MailAcceptance(
            grains, calls, new NoNewMails(), store ?? new Store(() => throw new InvalidOperationException("Not to be asked.")), Options, TimeProvider.System,
            NullLogger<MailAcceptance>.Instance);
        return await new MailOffers(grains, calls, acceptance, Options, TimeProvider.System, NullLogger<MailOffers>.Instance)
            .RunAsync(Id, Mail, wait, end);
    }

    private sealed class Store(Func<AcceptAnswer> settle) : IAcceptances
    {
        public async Task<AcceptAnswer> SettleAsync(string mailId)
        {
            Assert.Equal(Id, mailId);
            await Task.Yield();
            return settle();
        }
    }
}
