using System.Threading.Channels;
using Vsmtp.Cli.Queues;
using Vsmtp.Dashboard.Api;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Killing;

/// <summary>Mails that clients have to get rid of while the server meets with accidents.</summary>
/// <param name="recipientsOf">By the mail's number, from 0; null: one, who is always the same.</param>
internal class MailFlow(int count, Func<int, string[]>? recipientsOf = null)
{
    private readonly Channel<TestMail> _queue = Channel.CreateUnbounded<TestMail>();
    private int _released;

    public IReadOnlyList<TestMail> Mails { get; } =
        [.. Enumerable.Range(0, count).Select(number => new TestMail(number) { Recipients = recipientsOf?.Invoke(number) ?? ["jane@example.com"] })];

    public string[] Accepted => [.. Mails.Select(mail => mail.AcceptedAs).OfType<string>()];

    /// <summary>Some of those that were let go have no 250 yet.</summary>
    public bool HasMore => Accepted.Length < _released;

    /// <summary>Lets the first ones go to the clients, as many as that in all; after the last of them the clients end.</summary>
    public void Release(int count)
    {
        for (var end = Math.Min(count, Mails.Count); _released < end; _released++) _queue.Writer.TryWrite(Mails[_released]);
        if (_released == Mails.Count) _queue.Writer.TryComplete();
    }

    /// <summary>Sends those that are released to a port, over several connections at once.</summary>
    public Task SendAsync(int port, int clients, KillSwitch kills, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(_ => new PersistentClient(port, _queue.Reader, kills).SendAllAsync(cancellationToken)));

    /// <summary>Waits until the server has nothing left to do, nor is about to come back.</summary>
    public static Task RestsAsync(LocalApiClient api, Func<string>? state = null, int seconds = 120) => Patience.UntilAsync(
        async () => await ListAsync(api) is { } mails && mails.All(IsAtRest),
        "all queues at rest", () => string.Join('\n', ListAsync(api).Result?.Where(mail => !IsAtRest(mail)).Take(20) ?? []) + state?.Invoke(), seconds);

    private static bool IsAtRest(ApiMail mail) => mail.Queue is not ("offered" or "working" or "delegated" or "deliver" or "deferred");

    /// <returns>Null: no server answers.</returns>
    private static async Task<IReadOnlyList<ApiMail>?> ListAsync(LocalApiClient api)
    {
        try
        {
            return await api.ListAsync(queue: null);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
