using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Stores;
using Vsmtp.Gateway.Messages;
using Vsmtp.Storage;

namespace Vsmtp.Gateway.Tests.Messages;

/// <summary>What a client may be told when a grain gives no answer.</summary>
public sealed class MailAcceptanceTests
{
    private const string Id = "m-00-01m8a5k6vjzjx4yxwbb873hjw2";

    private static readonly GatewayOptions Options = new()
    {
        AnswerPatience = TimeSpan.FromMilliseconds(200),
        AnswerPause = TimeSpan.FromMilliseconds(1),
        SettleTimeout = TimeSpan.FromMilliseconds(200),
    };

    private static readonly AcceptMail Offer = new() { Content = new StagedContent(new ContentId("key", 0, ""), []) };

    [Fact]
    public async Task An_answer_is_taken_and_the_store_is_not_asked()
    {
        var store = new Store(() => throw new InvalidOperationException("Not to be asked."));
        Assert.Equal(AcceptAnswer.Accepted, await OfferAsync(() => AcceptAnswer.Accepted, store));
    }

    [Fact]
    public async Task A_silo_that_dies_is_waited_for_until_another_answers()
    {
        var tries = 0;
        var store = new Store(() => throw new InvalidOperationException("Not to be asked."));
        Assert.Equal(AcceptAnswer.Accepted, await OfferAsync(() => ++tries switch
        {
            1 => throw new TimeoutException("The silo was killed."),
            2 => throw new OrleansException("No silo is there."),
            3 => throw new InconsistentStateException("Another activation wrote."),
            _ => AcceptAnswer.Accepted,
        }, store));
        Assert.Equal(4, tries);
    }

    [Theory]
    [InlineData(AcceptAnswer.Accepted)]
    [InlineData(AcceptAnswer.Withdrawn)]
    public async Task A_full_store_after_a_call_without_an_answer_says_nothing_of_that_call(AcceptAnswer settled)
    {
        var tries = 0;
        Assert.Equal(settled, await OfferAsync(
            () => throw (++tries == 1 ? new TimeoutException("No answer.") : new StoreFullException("No room.")), new Store(() => settled)));
        Assert.Equal(2, tries);
    }

    [Theory]
    [InlineData(AcceptAnswer.Accepted)]
    [InlineData(AcceptAnswer.Withdrawn)]
    public async Task Without_any_answer_the_store_settles_it(AcceptAnswer settled)
    {
        var tries = 0;
        Assert.Equal(settled, await OfferAsync(() => ++tries > 0 ? throw new TimeoutException("No answer.") : AcceptAnswer.Accepted, new Store(() => settled)));
        Assert.True(tries > 1);
    }

    [Fact]
    public async Task A_fault_of_the_grain_itself_is_not_repeated_but_settled()
    {
        var tries = 0;
        Assert.Equal(AcceptAnswer.Withdrawn, await OfferAsync(
            () => ++tries > 0 ? throw new StoreUnusableException("The silo's store has failed.") : AcceptAnswer.Accepted, new Store(() => AcceptAnswer.Withdrawn)));
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task Where_the_store_does_not_answer_for_a_while_it_is_asked_again()
    {
        var asked = 0;
        Assert.Equal(AcceptAnswer.Withdrawn, await OfferAsync(
            () => throw new TimeoutException("No answer."), new Store(() => ++asked < 3 ? throw new TimeoutException("Busy.") : AcceptAnswer.Withdrawn)));
    }

    [Fact]
    public async Task Where_the_store_does_not_answer_at_all_nothing_is_said()
    {
        Assert.Null(await OfferAsync(() => throw new TimeoutException("No answer."), new Store(() => throw new TimeoutException("Busy."))));
        Assert.Null(await OfferAsync(() => throw new TimeoutException("No answer."), new Store(() => throw new StoreUnusableException("For good."))));
    }

    [Fact]
    public async Task A_crowded_silo_is_asked_again_and_the_client_waits()
    {
        var tries = 0;
        var store = new Store(() => throw new InvalidOperationException("Not to be asked."));
        Assert.Equal(AcceptAnswer.Accepted, await OfferAsync(() => ++tries < 4 ? AcceptAnswer.Crowded : AcceptAnswer.Accepted, store));
        Assert.Equal(4, tries);
        Assert.Equal(AcceptAnswer.Crowded, await OfferAsync(() => AcceptAnswer.Crowded, store));
    }

    [Fact]
    public async Task Where_a_silo_is_crowded_and_an_earlier_call_gave_no_answer_the_store_settles_it()
    {
        var tries = 0;
        Assert.Equal(AcceptAnswer.Accepted, await OfferAsync(
            () => ++tries == 1 ? throw new TimeoutException("No answer.") : AcceptAnswer.Crowded, new Store(() => AcceptAnswer.Accepted)));
    }

    [Fact]
    public async Task A_store_that_is_away_for_a_moment_is_waited_for()
    {
        var tries = 0;
        var store = new Store(() => throw new InvalidOperationException("Not to be asked."));
        Assert.Equal(AcceptAnswer.Accepted, await OfferAsync(
            () => ++tries < 4 ? throw new StoreAwayException("Its database restarts.") : AcceptAnswer.Accepted, store));
    }

    [Fact]
    public async Task A_full_store_is_an_answer() => await Assert.ThrowsAsync<StoreFullException>(
        () => OfferAsync(() => throw new StoreFullException("The disk is full."), new Store(() => throw new InvalidOperationException("Not to be asked."))));

    [Fact]
    public async Task A_mail_is_announced_as_new_while_it_is_offered_and_no_longer()
    {
        var news = new NoNewMails();
        await OfferAsync(
            () =>
            {
                Assert.Equal([Id], news.Announced);
                return AcceptAnswer.Accepted;
            },
            new Store(() => throw new InvalidOperationException("Not to be asked.")), news);
        Assert.Empty(news.Announced);

        await OfferAsync(() => throw new TimeoutException("No answer."), new Store(() => AcceptAnswer.Withdrawn), news);
        Assert.Empty(news.Announced);
    }

    private static Task<AcceptAnswer?> OfferAsync(Func<AcceptAnswer> accept, IAcceptances store, NoNewMails? news = null) =>
        new MailAcceptance(new Grains(accept), new PatientCall(Options, TimeProvider.System), news ?? new NoNewMails(), store, Options,
            TimeProvider.System, NullLogger<MailAcceptance>.Instance).OfferAsync(Id, Offer);

    private sealed class Store(Func<AcceptAnswer> settle) : IAcceptances
    {
        public async Task<AcceptAnswer> SettleAsync(string mailId)
        {
            Assert.Equal(Id, mailId);
            await Task.Yield();
            return settle();
        }
    }

    private sealed class Grains(Func<AcceptAnswer> accept) : IGrainFactory, IMailGrain
    {
        public T GetGrain<T>(string primaryKey, string? grainClassNamePrefix = null)
            where T : IGrainWithStringKey => (T)(object)this;

        public T GetGrain<T>(Guid primaryKey, string? grainClassNamePrefix = null)
            where T : IGrainWithGuidKey => throw new NotSupportedException("Mails have text for keys.");

        public T GetGrain<T>(long primaryKey, string? grainClassNamePrefix = null)
            where T : IGrainWithIntegerKey => throw new NotSupportedException("Mails have text for keys.");

        public async Task<AcceptAnswer> Accept(AcceptMail accepted)
        {
            Assert.Same(MailAcceptanceTests.Offer, accepted);
            await Task.Yield();
            return accept();
        }

        public Task<OfferAnswer> Offer(OfferMail offered) => throw new NotSupportedException("Not of these tests.");

        public Task<OfferAnswer> AwaitVerdict() => throw new NotSupportedException("Not of these tests.");

        public Task<OfferAnswer> Confirm(bool isWaitOver) => throw new NotSupportedException("Not of these tests.");

        public Task<OfferAnswer> Withdraw(string why) => throw new NotSupportedException("Not of these tests.");

        public Task<ReturnAnswer> Return(DelegationReturn returned) => throw new NotSupportedException("Not of these tests.");

        public Task TakeTurn(string service) => throw new NotSupportedException("Not of these tests.");

        public Task LetGo(string ticketHash, DateTimeOffset beganAt) => throw new NotSupportedException("Not of these tests.");

        public Task Sent(DelegationReport report) => throw new NotSupportedException("Not of these tests.");

        public Task Attempted(DeliveryReport report) => throw new NotSupportedException("Not of these tests.");

        public Task Advance(string version) => throw new NotSupportedException("Not of these tests.");

        public Task<OperatorAnswer> Release() => throw new NotSupportedException("Not of these tests.");

        public Task<OperatorAnswer> MoveToRules(string ruleSet, bool restarts) => throw new NotSupportedException("Not of these tests.");

        public Task<OperatorAnswer> Remove() => throw new NotSupportedException("Not of these tests.");
    }
}
