namespace Vsmtp.Smtp.Wire;

/// <summary>Runs before the session reads from its connection; a receiver re-arms quick acknowledgements here.</summary>
public interface IReadPacing
{
    /// <param name="inData">A message is being read: a short wait here lets a service that writes line by line fill a
    /// buffer.</param>
    ValueTask BeforeReadAsync(bool inData, CancellationToken cancellationToken);
}
