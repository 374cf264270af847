using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;
using Vsmtp.Contracts.Stores;
using Vsmtp.Dashboard.Diffs;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Dashboard.Api;

/// <summary>The API of the running server for the commands of the same machine: reads through query ports, acts through grains.</summary>
public static class LocalApi
{
    /// <summary>Mails of one list at most.</summary>
    public const int MaxListed = 10_000;

    /// <summary>Maps it under <c>/v1</c>. Who may come is the listener's business: a socket of mode 0600.</summary>
    public static void MapLocalApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/v1");
        api.AddEndpointFilter(static (call, next) => call.HttpContext.RequestServices.GetRequiredService<IStoreHealth>().Condition is StoreCondition.Away
            ? ValueTask.FromResult<object?>(StoreAway())
            : next(call));
        api.MapGet("/mails", ListAsync);
        api.MapGet("/mails/{id}", FindAsync);
        api.MapGet("/mails/{id}/content", ReadAsync);
        api.MapGet("/mails/{id}/diff", CompareAsync);
        api.MapPost("/mails/{id}/release", (string id, Orleans.IGrainFactory grains) => ActAsync(id, grains, mail => mail.Release()));
        api.MapPost("/mails/{id}/remove", (string id, Orleans.IGrainFactory grains) => ActAsync(id, grains, mail => mail.Remove()));
        api.MapGet("/counters", CountAsync);
        api.MapRules();
    }

    private static IResult StoreAway() => Results.Json(
        new ApiAnswer(false, "The mail store is away for now: try again."), ApiJson.Default.ApiAnswer, statusCode: StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> ListAsync(IMailQueries queries, string? queue, int? limit, CancellationToken cancellationToken)
    {
        var mails = await queries.ListAsync(queue, Math.Clamp(limit ?? MaxListed, 1, MaxListed), cancellationToken);
        return Results.Json([.. mails.Select(ApiMail.Of)], ApiJson.Default.ImmutableArrayApiMail);
    }

    private static async Task<IResult> FindAsync(string id, IMailQueries queries, CancellationToken cancellationToken) =>
        await queries.FindAsync(id, cancellationToken) is { } mail
            ? Results.Json(ApiMailDetails.Of(mail), ApiJson.Default.ApiMailDetails)
            : NoSuchMail(id);

    private static async Task<IResult> ReadAsync(
        string id, IMailQueries queries, IContentStore contents, CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(id, cancellationToken) is not { } mail) return NoSuchMail(id);
        if (mail.State.Content is not { } content || MailQueue.IsEnded(mail.State.Phase))
            return HasLeft(id);
        return Results.Stream(body => WriteAsync(contents, content, mail.State.HeaderChanges, body, cancellationToken), "message/rfc822");
    }

    private static async Task<IResult> CompareAsync(
        string id, IMailQueries queries, IContentStore contents, CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(id, cancellationToken) is not { } mail) return NoSuchMail(id);
        if (MailQueue.IsEnded(mail.State.Phase)) return HasLeft(id);
        try
        {
            return Results.Json(await MailComparison.CompareAsync(id, mail.State, contents, cancellationToken), ApiJson.Default.ApiDiff);
        }
        catch (ContentMissingException)
        {
            return HasLeft(id);                                // meanwhile
        }
    }

    private static IResult HasLeft(string id) =>
        Results.Json(new ApiAnswer(false, $"{id} has left; its content is not kept."), ApiJson.Default.ApiAnswer, statusCode: StatusCodes.Status410Gone);

    private static async Task WriteAsync(
        IContentStore contents, ContentId id, ImmutableArray<HeaderChange> changes, Stream body, CancellationToken cancellationToken)
    {
        await using var stored = await contents.OpenReadAsync(id, cancellationToken);
        var front = new byte[(int)Math.Min(id.Length, HeaderBlock.MaxStoredBytes)];
        await stored.ReadExactlyAsync(front, cancellationToken);
        var headers = HeaderBlock.Parse(front);
        foreach (var change in changes) headers.Apply(change.ToEdit());
        await body.WriteAsync(headers.ToArray(), cancellationToken);
        await body.WriteAsync(front.AsMemory(headers.ParsedBytes), cancellationToken);
        await stored.CopyToAsync(body, cancellationToken);
    }

    internal static async Task<IResult> ActAsync(string id, Orleans.IGrainFactory grains, Func<IMailGrain, Task<OperatorAnswer>> act)
    {
        if (!MailId.IsWellFormed(id)) return NoSuchMail(id);
        OperatorAnswer answer;
        try
        {
            answer = await act(grains.GetGrain<IMailGrain>(id));
        }
        catch (TimeoutException)
        {
            return Results.Json(new ApiAnswer(false, $"{id}: no answer in time, so it may be done or not: look with queue show."), ApiJson.Default.ApiAnswer,
                statusCode: StatusCodes.Status504GatewayTimeout);
        }

        return Results.Json(new ApiAnswer(answer.IsDone, answer.Text), ApiJson.Default.ApiAnswer,
            statusCode: answer.IsDone ? StatusCodes.Status200OK : StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> CountAsync(IMailQueries queries, CancellationToken cancellationToken) =>
        Results.Json(await queries.CountAsync(cancellationToken), ApiJson.Default.ImmutableSortedDictionaryStringInt64);

    private static IResult NoSuchMail(string id) =>
        Results.Json(new ApiAnswer(false, $"There is no mail {id}, or its history has expired."), ApiJson.Default.ApiAnswer, statusCode: StatusCodes.Status404NotFound);
}
