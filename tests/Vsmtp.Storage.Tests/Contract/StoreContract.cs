using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Storage.Tests.Contract;

/// <summary>What the suites of the contract share: a store, and mails to put into it.</summary>
public abstract class StoreContract(StoreUnderTest store) : IAsyncLifetime
{
    protected StoreUnderTest Store { get; } = store;

    protected DateTimeOffset Now => Store.Time.GetUtcNow();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() => await Store.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static GrainId Grain(string id) => GrainId.Create("mail", id);

    protected string NewId() => MailId.Create(Store.Time);

    protected static byte[] Bytes(int length, int seed = 7)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A mail as it is at acceptance, its content staged.</summary>
    protected async Task<MailState> NewMailAsync(int bytes = 100) => NewMail(await StageAsync(Bytes(bytes)));

    protected MailState NewMail(StagedContent content) => new()
    {
        Phase = MailPhase.Working,
        Envelope = new MailEnvelope
        {
            Sender = "john@doe.example",
            Recipients = [new MailRecipient { Address = "jenny@example.com" }, new MailRecipient { Address = "ben@example.com" }],
            Helo = "mx.doe.example",
            ConnectedAt = Now,
        },
        Original = content.Id,
        Content = content.Id,
        RuleSet = "set-1",
        AcceptedAt = Now,
        Since = Now,
        WakeAt = Now,
        Subject = "Grüße",
        NewContents = content.Inline.IsDefault ? [] : [content],
        NewEvents = [Event("accepted")],
    };

    protected MailEvent Event(string what, string why = "because") => new(Now, "node-1", what, why, "postq \"a rule\"", "main.vsl:1:2");

    protected async Task<StagedContent> StageAsync(byte[] bytes, int piece = 10_000)
    {
        await using var stage = Store.Contents.Stage();
        foreach (var part in bytes.Chunk(piece)) await stage.WriteAsync(part, Cancel);
        return await stage.CompleteAsync(Cancel);
    }

    protected async Task<byte[]> ReadAsync(ContentId id)
    {
        await using var stream = await Store.Contents.OpenReadAsync(id, Cancel);
        using var whole = new MemoryStream();
        await stream.CopyToAsync(whole, Cancel);
        return whole.ToArray();
    }

    protected async Task<GrainState<MailState>> ReadMailAsync(string id)
    {
        var state = new GrainState<MailState>();
        await Store.GrainStates.ReadStateAsync(MailStateStorage.StateName, Grain(id), state);
        return state;
    }

    protected Task WriteAsync(string id, GrainState<MailState> state) =>
        Store.GrainStates.WriteStateAsync(MailStateStorage.StateName, Grain(id), state);

    /// <summary>Writes a new mail.</summary>
    protected async Task<GrainState<MailState>> AcceptAsync(string id, MailState mail)
    {
        var state = new GrainState<MailState>(mail);
        await WriteAsync(id, state);
        return state;
    }

    /// <summary>Writes what the change makes of the mail.</summary>
    protected async Task ChangeAsync(string id, GrainState<MailState> state, Func<MailState, MailState> change)
    {
        state.State = change(state.State!);
        await WriteAsync(id, state);
    }

    protected async Task<ImmutableArray<string>> HistoryAsync(string id) =>
        (await Store.Queries.FindAsync(id, Cancel)) is { } mail ? [.. mail.Events.Select(one => one.What)] : [];
}
