namespace Vsmtp.Vsl;

/// <summary>Integers from <paramref name="Start"/> up to <paramref name="End"/>, or down with a negative step.</summary>
/// <param name="IsInclusive">Whether <paramref name="End"/> belongs to it.</param>
/// <param name="Step">Distance of two neighbours; never 0.</param>
public sealed record VslRange(long Start, long End, bool IsInclusive, long Step = 1)
{
    /// <summary>The integers one after the other; may be very many.</summary>
    public IEnumerable<Value> Items
    {
        get
        {
            for (Int128 item = Start; Step > 0 ? item < End : item > End; item += Step) yield return (long)item;
            if (IsInclusive && OnStep(End) && (Step > 0 ? Start <= End : Start >= End)) yield return End;
        }
    }

    public bool Contains(long item) =>
        Step > 0
            ? item >= Start && (IsInclusive ? item <= End : item < End) && OnStep(item)
            : item <= Start && (IsInclusive ? item >= End : item > End) && OnStep(item);

    private bool OnStep(long item) => ((Int128)item - Start) % Step == 0;
}
