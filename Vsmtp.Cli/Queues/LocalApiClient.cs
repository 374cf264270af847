using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Vsmtp.Configuration;
using Vsmtp.Contracts.Mail;
using Vsmtp.Dashboard.Api;

namespace Vsmtp.Cli.Queues;

/// <summary>Speaks to the running server through its local API.</summary>
internal sealed class LocalApiClient : IDisposable
{
    private readonly HttpClient _http;

    public LocalApiClient(string socketPath)
    {
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, cancellationToken) => ConnectAsync(socketPath, cancellationToken) })
        {
            BaseAddress = new Uri("http://vsmtp/"),
        };
    }

    /// <summary>Runs a command against the server that a configuration is of; tells in words when it cannot.</summary>
    public static async Task<int> RunAsync(
        string? configPath, IReadOnlyList<KeyValuePair<string, string>> sets, Func<LocalApiClient, Task<int>> command)
    {
        var read = ConfigurationReader.Read(configPath, sets);
        if (read.Configuration is not { } configuration)
        {
            foreach (var fault in read.Faults) await Console.Error.WriteLineAsync(fault.ToString());
            return ExitCode.Failed;
        }

        var socket = configuration.Server.Api.Socket;
        using var client = new LocalApiClient(socket);
        try
        {
            return await command(client);
        }
        catch (HttpRequestException fault) when (fault.StatusCode is null)
        {
            await Console.Error.WriteLineAsync($"error: no server answers at {socket}: {fault.InnerException?.Message ?? fault.Message}");
            return ExitCode.Failed;
        }
        catch (HttpRequestException fault) when (fault.StatusCode is HttpStatusCode.ServiceUnavailable)
        {
            await Console.Error.WriteLineAsync("error: the server runs, but its mail store is away for now: try again");
            return ExitCode.Failed;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or JsonException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"error: the server at {socket} could not answer: {fault.Message}");
            return ExitCode.Failed;
        }
    }

    public async Task<ImmutableArray<ApiMail>> ListAsync(string? queue) =>
        await _http.GetFromJsonAsync(
            queue is null ? "v1/mails" : $"v1/mails?queue={Uri.EscapeDataString(queue)}", ApiJson.Default.ImmutableArrayApiMail);

    /// <summary>Null: no such mail.</summary>
    public async Task<ApiMailDetails?> FindAsync(string id)
    {
        if (!MailId.IsWellFormed(id)) return null;
        using var response = await _http.GetAsync(new Uri($"v1/mails/{Uri.EscapeDataString(id)}", UriKind.Relative));
        return response.StatusCode is HttpStatusCode.NotFound
            ? null
            : await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync(ApiJson.Default.ApiMailDetails);
    }

    /// <summary>Writes a mail's bytes; the answer says why when there are none.</summary>
    public async Task<ApiAnswer> ReadAsync(string id, Stream output)
    {
        if (!MailId.IsWellFormed(id)) return NoSuchMail(id);
        using var response = await _http.GetAsync(
            new Uri($"v1/mails/{Uri.EscapeDataString(id)}/content", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        if (!response.IsSuccessStatusCode) return (await response.Content.ReadFromJsonAsync(ApiJson.Default.ApiAnswer))!;
        await response.Content.CopyToAsync(output);
        return new ApiAnswer(true, "");
    }

    /// <summary>What services changed; null with the reason in the answer.</summary>
    public async Task<(ApiDiff? Diff, ApiAnswer Answer)> CompareAsync(string id)
    {
        if (!MailId.IsWellFormed(id)) return (null, NoSuchMail(id));
        using var response = await _http.GetAsync(new Uri($"v1/mails/{Uri.EscapeDataString(id)}/diff", UriKind.Relative));
        return response.IsSuccessStatusCode
            ? (await response.Content.ReadFromJsonAsync(ApiJson.Default.ApiDiff), new ApiAnswer(true, ""))
            : (null, (await response.Content.ReadFromJsonAsync(ApiJson.Default.ApiAnswer))!);
    }

    /// <param name="act"><c>release</c>, <c>remove</c>, <c>move</c>, with a query where it takes one.</param>
    public async Task<ApiAnswer> ActAsync(string id, string act)
    {
        if (!MailId.IsWellFormed(id)) return NoSuchMail(id);
        using var response = await _http.PostAsync(new Uri($"v1/mails/{Uri.EscapeDataString(id)}/{act}", UriKind.Relative), content: null);
        return (await response.Content.ReadFromJsonAsync(ApiJson.Default.ApiAnswer))!;
    }

    public async Task<ImmutableArray<ApiRuleSet>> ListRulesAsync() =>
        await _http.GetFromJsonAsync("v1/rules", ApiJson.Default.ImmutableArrayApiRuleSet);

    /// <summary>Moves a page of mails to the present rules; null with words when there is no such set.</summary>
    /// <param name="from">The hash of their set, or its beginning; null: all.</param>
    /// <param name="after">As the page before said; null for the first.</param>
    public async Task<(ApiMovedPage? Page, string Words)> MovePageAsync(string? from, string? after, bool restarts)
    {
        var query = $"v1/rules/move?restart={(restarts ? "true" : "false")}"
            + (from is null ? "" : $"&from={Uri.EscapeDataString(from)}") + (after is null ? "" : $"&after={Uri.EscapeDataString(after)}");
        using var response = await _http.PostAsync(new Uri(query, UriKind.Relative), content: null);
        if (response.StatusCode is HttpStatusCode.NotFound) return (null, (await response.Content.ReadFromJsonAsync(ApiJson.Default.ApiAnswer))!.Text);
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync(ApiJson.Default.ApiMovedPage), "");
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What is no id may not become a part of a path: <c>..</c> would lead elsewhere.</summary>
    private static ApiAnswer NoSuchMail(string id) => new(false, $"There is no mail {id}, or its history has expired.");

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
