using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.RuleSets;

namespace Vsmtp.Dashboard.Api;

/// <summary>The part of the local API that is about rule sets: which are in use, and mails moved to the present one.</summary>
internal static class RulesApi
{
    /// <summary>Mails of one call; the caller asks for the next page.</summary>
    private const int PageSize = 200;

    /// <summary>Moved at once: the store commits them together, and a mail that comes in does not wait long behind them.</summary>
    private const int MostAtOnce = 16;

    public static void MapRules(this IEndpointRouteBuilder api)
    {
        api.MapGet("/rules", ListAsync);
        api.MapPost("/rules/move", MovePageAsync);
        api.MapPost("/mails/{id}/move", (string id, bool? restart, Orleans.IGrainFactory grains, IRuleSetReports rules) =>
            LocalApi.ActAsync(id, grains, mail => mail.MoveToRules(rules.Current, restart ?? false)));
    }

    private static async Task<IResult> ListAsync(IRuleSetReports rules, CancellationToken cancellationToken) =>
        Results.Json([.. (await rules.ListAsync(cancellationToken)).Select(ApiRuleSet.Of)], ApiJson.Default.ImmutableArrayApiRuleSet);

    /// <param name="from">The hash of the set, or its beginning; null: all.</param>
    /// <param name="after">Behind this id; null: from the first.</param>
    private static async Task<IResult> MovePageAsync(
        string? from, string? after, bool? restart, IRuleSetReports rules, IRuleSetStore store, Orleans.IGrainFactory grains,
        CancellationToken cancellationToken)
    {
        if (from is not null)
        {
            var meant = (await store.ListInUseAsync(cancellationToken)).Where(hash => hash.StartsWith(from, StringComparison.Ordinal)).ToList();
            if (meant.Count != 1) return Refuse($"{(meant.Count == 0 ? "No mail is" : "Mails of several sets are")} under rules whose hash begins with {from}.");
            from = meant[0];
        }

        var wanted = rules.Current;
        var ids = await store.ListSleepingAsync(new SleepingMails(from, wanted, after ?? ""), PageSize, cancellationToken);
        var answers = new OperatorAnswer[ids.Length];
        await Parallel.ForAsync(0, ids.Length, new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellationToken },
            async (i, _) => answers[i] = await MoveAsync(grains.GetGrain<IMailGrain>(ids[i]), wanted, restart ?? false));
        return Results.Json(
            new ApiMovedPage(
                answers.Count(answer => answer.IsDone),
                [.. ids.Zip(answers).Where(pair => !pair.Second.IsDone).Select(pair => new ApiRefusal(pair.First, pair.Second.Text))],
                ids.Length < PageSize ? null : ids[^1]),
            ApiJson.Default.ApiMovedPage);
    }

    private static async Task<OperatorAnswer> MoveAsync(IMailGrain mail, string wanted, bool restarts)
    {
        try
        {
            return await mail.MoveToRules(wanted, restarts);
        }
        catch (Exception fault) when (fault is TimeoutException or Orleans.Runtime.OrleansException)
        {
            return new OperatorAnswer(false, $"No answer, so it may be moved or not: {fault.Message}");
        }
    }

    private static IResult Refuse(string text) =>
        Results.Json(new ApiAnswer(false, text), ApiJson.Default.ApiAnswer, statusCode: StatusCodes.Status404NotFound);
}
