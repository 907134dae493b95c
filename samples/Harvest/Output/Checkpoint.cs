using System.Text.Json.Serialization;

namespace Harvest.Output;

/// <summary>How far an output is that is not complete yet.</summary>
/// <param name="Run">The source of the records and the way of asking it: what may be put behind those that are there.</param>
/// <param name="Continuation">Where the source goes on; <see langword="null"/> where nothing is written yet.</param>
/// <param name="Records">How many records are written.</param>
/// <param name="Bytes">How many bytes they take.</param>
/// <param name="Sha256">The checksum of these bytes.</param>
internal sealed record Checkpoint(string Run, string? Continuation, long Records, long Bytes, string Sha256);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Checkpoint))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
