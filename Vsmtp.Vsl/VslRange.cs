namespace Vsmtp.Vsl;

/// <summary>Integers from <paramref name="Start"/> up to <paramref name="End"/>, or down with a negative step.</summary>
/// <param name="IsInclusive">Whether <paramref name="End"/> belongs to it.</param>
/// <param name="Step">Distance of two neighbours; never 0.</param>
public sealed record VslRange(long Start, long End, bool IsInclusive, long Step = 1)
{
    public bool Contains(long item) =>
        Step > 0
            ? item >= Start && (IsInclusive ? item <= End : item < End) && OnStep(item)
            : item <= Start && (IsInclusive ? item >= End : item > End) && OnStep(item);

    private bool OnStep(long item) => ((Int128)item - Start) % Step == 0;
}
