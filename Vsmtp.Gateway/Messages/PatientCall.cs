using Orleans.Runtime;
using Vsmtp.Contracts.Content;
using Vsmtp.Storage;

namespace Vsmtp.Gateway.Messages;

/// <summary>Calls of grains that may be repeated: what a silo that has just died does not answer, another will.</summary>
internal sealed class PatientCall(GatewayOptions options, TimeProvider time)
{
    /// <summary>Repeats a call for which there was no answer, until <see cref="GatewayOptions.AnswerPatience"/> is at its end.</summary>
    /// <param name="call">Safe to repeat.</param>
    /// <param name="onNoAnswer">Told of each that is repeated.</param>
    /// <exception cref="Exception">The last one, or the first that is an answer: the grain's own.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> call, Action<Exception> onNoAnswer)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (Exception none) when (IsNoAnswer(none) && time.GetElapsedTime(began) < options.AnswerPatience)
            {
                onNoAnswer(none);
            }

            await Task.Delay(options.AnswerPause, time).ConfigureAwait(false);
        }
    }

    /// <summary>Timed out, refused, without a silo to go to, or from an activation that another one's write has made stale.</summary>
    private static bool IsNoAnswer(Exception fault) =>
        fault is TimeoutException or (OrleansException and not (StoreFullException or ContentMissingException or StoreUnusableException));
}
