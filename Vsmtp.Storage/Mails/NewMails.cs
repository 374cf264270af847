using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Storage.Mails;

/// <summary>The store's grain states, without the reads of mails that are announced as new.</summary>
internal sealed class NewMails(IGrainStorage states) : IGrainStorage, INewMails
{
    private readonly ConcurrentDictionary<string, bool> _announced = new(StringComparer.Ordinal);

    public void Announce(string mailId) => _announced[mailId] = true;

    public void Forget(string mailId) => _announced.TryRemove(mailId, out _);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (stateName != MailStateStorage.StateName || grainState is not IGrainState<MailState> mail
            || !_announced.TryRemove(grainId.Key.ToString(), out _)) return states.ReadStateAsync(stateName, grainId, grainState);
        (mail.ETag, mail.State, mail.RecordExists) = (null, new MailState(), false);
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        states.WriteStateAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        states.ClearStateAsync(stateName, grainId, grainState);
}
