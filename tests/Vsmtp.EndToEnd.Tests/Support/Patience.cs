using System.Diagnostics;

namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>Waits for what another process does; no test depends on how long it takes.</summary>
internal static class Patience
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks again and again until it is so.</summary>
    /// <param name="what">For the failure: what was expected.</param>
    /// <param name="state">For the failure: what was there instead.</param>
    public static async Task UntilAsync(Func<Task<bool>> isSo, string what, Func<string>? state = null, int seconds = 60)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (clock.Elapsed.TotalSeconds > seconds)
                Assert.Fail($"Not within {seconds} s: {what}.{Environment.NewLine}{state?.Invoke()}");
            await Task.Delay(Look);
        }
    }

    public static Task UntilAsync(Func<bool> isSo, string what, Func<string>? state = null, int seconds = 60) =>
        UntilAsync(() => Task.FromResult(isSo()), what, state, seconds);
}
