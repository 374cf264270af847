using System.Collections.Immutable;

namespace Vsmtp.Dashboard.Api;

/// <summary>What services changed in a mail. Texts of strangers are escaped: a terminal shows them and obeys nothing.</summary>
/// <param name="Comparisons">Empty: no service has brought anything back.</param>
public sealed record ApiDiff(string Id, ImmutableArray<ApiComparison> Comparisons);

/// <summary>Two versions of a mail.</summary>
/// <param name="Service">The one that kept the original and returned the second; null for what services have put in the original's place.</param>
/// <param name="Before">What the first version is, in words.</param>
/// <param name="After">What the second is.</param>
/// <param name="HeadersLeftOut">How many names more differ than are shown.</param>
public sealed record ApiComparison(
    string? Service,
    string Before,
    string After,
    ImmutableArray<ApiHeaderDifference> Headers,
    int HeadersLeftOut,
    ApiBodyDifference Body);

/// <summary>The header fields of one name.</summary>
/// <param name="Change"><c>added</c>, <c>removed</c> or <c>changed</c>.</param>
/// <param name="Before">Whole fields that only the first version has.</param>
/// <param name="After">Whole fields that only the second has.</param>
public sealed record ApiHeaderDifference(string Change, string Name, ImmutableArray<string> Before, ImmutableArray<string> After);

/// <summary>The bodies.</summary>
/// <param name="Lines">The difference in the unified form; empty when they are the same, or when <paramref name="Note"/> says why not.</param>
/// <param name="Note">What is not shown; null when all is.</param>
public sealed record ApiBodyDifference(bool IsSame, long BytesBefore, long BytesAfter, ImmutableArray<string> Lines, string? Note);
