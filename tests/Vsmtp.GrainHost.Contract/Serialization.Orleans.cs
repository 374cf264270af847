using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Stores;
using Vsmtp.GrainHost.Contract.Grains;
using Vsmtp.Storage;

namespace Vsmtp.GrainHost.Contract;

/// <summary>What crosses from process to process in a cluster arrives as it left: bytes of Orleans' serializer and back.</summary>
public sealed class Serialization : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    /// <summary>Every message and state of Vsmtp.Contracts; its faults are below.</summary>
    public static TheoryData<Type> Messages => [.. typeof(IMailGrain).Assembly.GetTypes().Where(type =>
        type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false) && !type.IsAssignableTo(typeof(Exception)))];

    private Serializer Serializer => _services.GetRequiredService<Serializer>();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void There_are_messages() => Assert.True(Messages.Count > 20);

    [Theory, MemberData(nameof(Messages))]
    public void A_message_whose_members_all_differ_from_their_defaults_arrives_whole(Type type)
    {
        var message = new DistinctValues().Of(type);
        Assert.Equal(Text.Of(message), Text.Of(Sent(message)));
        Assert.Equal(Text.Of(message), Text.Of(Copied(message)));
    }

    [Theory, MemberData(nameof(Messages))]
    public void A_message_of_default_values_arrives_as_that(Type type)
    {
        var message = DistinctValues.DefaultOf(type);
        Assert.Equal(Text.Of(message), Text.Of(Sent(message)));
        Assert.Equal(Text.Of(message), Text.Of(Copied(message)));
    }

    [Fact]
    public void The_text_that_is_compared_tells_distinct_default_and_empty_apart()
    {
        string[] texts =
        [
            Text.Of(new DistinctValues().Of(typeof(MailState))), Text.Of(new MailState()), Text.Of(new MailState { NewEvents = default }),
            Text.Of(new MailState { WakeAt = DateTimeOffset.MinValue }), Text.Of(new MailState { Quarantine = "" }),
        ];
        Assert.Equal(texts.Length, texts.Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Inline_bytes_that_are_default_stay_default_and_empty_ones_stay_empty(bool isDefault)
    {
        var content = new StagedContent(new ContentId("k", 0, "s"), isDefault ? default : []);
        Assert.Equal(isDefault, ((StagedContent)Sent(content)).Inline.IsDefault);
    }

    public static TheoryData<Exception> Faults =>
    [
        new ContentMissingException(new ContentId("abcd", 3, "00")), new StoreFullException("The disk is full."),
        new StoreAwayException("The database restarts.", new InvalidOperationException("why")),
        new StoreUnusableException("The store has failed.", new InvalidOperationException("why")),
        new InconsistentStateException("Somebody wrote in between.", "2", "1"),
        new OrleansException("Error from a storage", new InvalidOperationException("of its driver")), new TimeoutException("no answer"),
    ];

    [Theory, MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void A_fault_arrives_with_its_type_message_and_cause(Exception fault)
    {
        var arrived = (Exception)Sent(fault);
        Assert.IsType(fault.GetType(), arrived);
        Assert.Equal(fault.Message, arrived.Message);
        Assert.Equal(fault.InnerException?.GetType(), arrived.InnerException?.GetType());
        Assert.Equal(fault.InnerException?.Message, arrived.InnerException?.Message);
    }

    [Fact]
    public void The_etags_of_a_stale_state_arrive()
    {
        var arrived = (InconsistentStateException)Sent(new InconsistentStateException("Somebody wrote in between.", "2", "1"));
        Assert.Equal(("2", "1"), (arrived.StoredEtag, arrived.CurrentEtag));
    }

    [Fact]
    public void A_fault_without_a_serializer_does_not_arrive_nor_does_one_that_has_it_as_its_cause()
    {
        Assert.Throws<CodecNotFoundException>(() => Sent(new TestException("of a test")));
        Assert.Throws<CodecNotFoundException>(() => Sent(new StoreUnusableException("The store has failed.", new TestException("why"))));
    }

    [Fact]
    public void A_host_can_let_the_faults_of_a_namespace_travel()
    {
        using var services = new ServiceCollection().AddSerializer()
            .Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add("Vsmtp")).BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var bytes = serializer.SerializeToArray<object>(new StoreUnusableException("The store has failed.", new TestException("why")));
        var arrived = Assert.IsType<StoreUnusableException>(serializer.Deserialize<object>(bytes));
        Assert.Equal("why", Assert.IsType<TestException>(arrived.InnerException).Message);
    }

    private object Sent(object message) => Serializer.Deserialize<object>(Serializer.SerializeToArray<object>(message))!;

    private object Copied(object message) => _services.GetRequiredService<DeepCopier>().Copy(message)!;
}
