using Vsmtp.Contracts.Mail;

namespace Vsmtp.Grains.Mail;

public sealed partial class MailGrain
{
    /// <summary>Wakes who waits for a verdict; null while nobody does.</summary>
    private TaskCompletionSource? _polls;

    /// <summary>What is known while a commit is under way, when memory is ahead of the store; null at other times.</summary>
    private OfferAnswer? _held;

    /// <remarks>Interleaves with every other call, so it reads and never writes.</remarks>
    public async Task<OfferAnswer> AwaitVerdict()
    {
        if (Durable.Standing is OfferStanding.Open)
        {
            _polls ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await Task.WhenAny(_polls.Task, Task.Delay(options.VerdictPause, time));
        }

        return Durable;
    }

    private OfferAnswer Durable => _held ?? OfferAnswer.Of(State);

    private void HoldVerdict() => _held ??= OfferAnswer.Of(State);

    private void TellVerdict()
    {
        _held = null;
        if (Durable.Standing is not OfferStanding.Open) EndPolls();
    }

    private void EndPolls()
    {
        _polls?.TrySetResult();
        _polls = null;
    }
}
