using System.Collections.Immutable;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Dashboard.Api;
using Vsmtp.Mail.Comparing;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Dashboard.Diffs;

/// <summary>Finds what services changed in a mail.</summary>
internal static class MailComparison
{
    /// <summary>Longer bodies are compared, but their lines are not shown.</summary>
    private const int MaxShownBytes = 512 * 1024;

    private const int MaxShownHeaders = 200;
    private const int MaxShownLines = 500;
    private const int MaxShownCharacters = 500;
    private const int Piece = 64 * 1024;

    /// <summary>The original against the present content, if a service put it there; what else came back against what was sent.</summary>
    public static async Task<ApiDiff> CompareAsync(string id, MailState state, IContentStore contents, CancellationToken cancellationToken)
    {
        var comparisons = ImmutableArray.CreateBuilder<ApiComparison>();
        if (state is { Original: { } original, Content: { } content } && original.Key != content.Key)
        {
            comparisons.Add(await CompareAsync(
                contents, new("the original", original, []), new("what the services made of it", content, []), null, cancellationToken));
        }

        foreach (var returned in state.Returns)
        {
            // What it was sent may be gone, since another service has put something in its place.
            Version before = state.Contents.Any(kept => kept.Key == returned.Base.Key)
                ? new($"what {returned.Service} was sent", returned.Base, returned.HeaderChanges)
                : new("the original", state.Original!, []);
            comparisons.Add(await CompareAsync(
                contents, before, new($"what {returned.Service} returned", returned.Content, []), returned.Service, cancellationToken));
        }

        return new ApiDiff(id, comparisons.ToImmutable());
    }

    private static async Task<ApiComparison> CompareAsync(
        IContentStore contents, Version before, Version after, string? service, CancellationToken cancellationToken)
    {
        await using var left = await StoredMessage.OpenAsync(contents, before.Content, before.HeaderChanges, cancellationToken);
        await using var right = await StoredMessage.OpenAsync(contents, after.Content, after.HeaderChanges, cancellationToken);
        var headers = HeaderDifference.Of(left.Headers, right.Headers);
        return new ApiComparison(
            service, before.Title, after.Title,
            [.. headers.Take(MaxShownHeaders).Select(Describe)],
            Math.Max(0, headers.Length - MaxShownHeaders),
            await CompareBodiesAsync(left, right, cancellationToken));
    }

    private static ApiHeaderDifference Describe(HeaderDifference difference) => new(
        difference switch { { Before: [] } => "added", { After: [] } => "removed", _ => "changed" },
        SafeText.Of(System.Text.Encoding.Latin1.GetBytes(difference.Name), MaxShownCharacters),
        [.. difference.Before.Select(Show)],
        [.. difference.After.Select(Show)]);

    private static string Show(HeaderField field) => SafeText.Of(field.Raw.Span.TrimEnd("\r\n"u8), MaxShownCharacters);

    private static async Task<ApiBodyDifference> CompareBodiesAsync(StoredMessage left, StoredMessage right, CancellationToken cancellationToken)
    {
        if (left.BodyBytes > MaxShownBytes || right.BodyBytes > MaxShownBytes)
        {
            var isSame = left.BodyBytes == right.BodyBytes && await AreSameAsync(left, right, cancellationToken);
            return new ApiBodyDifference(isSame, left.BodyBytes, right.BodyBytes, [], isSame ? null : $"bodies of more than {MaxShownBytes} octets are not shown");
        }

        var (before, after) = (await ReadAsync(left, cancellationToken), await ReadAsync(right, cancellationToken));
        if (before.AsSpan().SequenceEqual(after)) return new ApiBodyDifference(true, before.Length, after.Length, [], null);
        if (!SafeText.IsText(before) || !SafeText.IsText(after))
            return new ApiBodyDifference(false, before.Length, after.Length, [], "they are no text");
        var lines = LineDiff.Unified(Lines(before), Lines(after));
        return new ApiBodyDifference(false, before.Length, after.Length, lines is null ? [] : [.. lines.Value.Take(MaxShownLines)], lines switch
        {
            null => $"more than {LineDiff.MaxDifferences} lines differ",
            { Length: > MaxShownLines } => $"only the first {MaxShownLines} of {lines.Value.Length} lines are shown",
            // What is cut or escaped alike may still differ.
            [] => "they differ only in what is not shown of long lines",
            _ => null,
        });
    }

    private static async Task<bool> AreSameAsync(StoredMessage left, StoredMessage right, CancellationToken cancellationToken)
    {
        var (before, after) = (new byte[Piece], new byte[Piece]);
        while (true)
        {
            var count = await left.ReadBodyAsync(before, cancellationToken);
            if (await right.ReadBodyAsync(after, cancellationToken) != count || !before.AsSpan(0, count).SequenceEqual(after.AsSpan(0, count))) return false;
            if (count < Piece) return true;
        }
    }

    private static async Task<byte[]> ReadAsync(StoredMessage message, CancellationToken cancellationToken)
    {
        var body = new byte[message.BodyBytes];
        await message.ReadBodyAsync(body, cancellationToken);
        return body;
    }

    /// <summary>Without CRLF at their ends; another end, or none, is seen.</summary>
    private static List<string> Lines(ReadOnlySpan<byte> body)
    {
        var lines = new List<string>();
        while (!body.IsEmpty)
        {
            var end = body.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..(end + 1)];
            body = body[line.Length..];
            lines.Add(line.EndsWith("\r\n"u8) ? SafeText.Of(line[..^2], MaxShownCharacters) : SafeText.Of(line, MaxShownCharacters) + "\\no CRLF");
        }

        return lines;
    }

    private sealed record Version(string Title, ContentId Content, ImmutableArray<HeaderChange> HeaderChanges);
}
